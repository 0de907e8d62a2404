"use client";

import { Progress as Primitive } from "radix-ui";
import { cn } from "@/lib/cn";

interface ProgressProps {
  /** Accessible name. */
  label: string;
  /** 0..1; null: unknown. */
  value: number | null;
  tone?: "primary" | "danger" | "success";
  className?: string;
}

const TONES = { primary: "bg-primary", danger: "bg-danger", success: "bg-success" };

export function Progress({ label, value, tone = "primary", className }: ProgressProps) {
  return (
    <Primitive.Root
      aria-label={label}
      value={value === null ? null : Math.round(value * 100)}
      className={cn("h-1.5 w-full overflow-hidden rounded-full bg-muted", className)}
    >
      <Primitive.Indicator
        className={cn(
          "h-full origin-left rounded-full transition-transform duration-200",
          TONES[tone],
          value === null && "w-1/3 animate-pulse",
        )}
        style={value === null ? undefined : { transform: `scaleX(${value})` }}
      />
    </Primitive.Root>
  );
}
