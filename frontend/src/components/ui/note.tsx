import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

const TONES = {
  danger: "bg-danger-soft text-danger-soft-foreground",
  warning: "bg-warning-soft text-warning-soft-foreground",
};

interface NoteProps extends ComponentProps<"p"> {
  tone: keyof typeof TONES;
}

/** A short remark on a coloured background. */
export function Note({ tone, className, ...props }: NoteProps) {
  return (
    <p
      className={cn("rounded-lg px-3 py-2 text-xs leading-relaxed", TONES[tone], className)}
      {...props}
    />
  );
}
