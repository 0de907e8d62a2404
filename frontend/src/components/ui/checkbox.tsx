"use client";

import { Check, Minus } from "lucide-react";
import { Checkbox as Primitive } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

export function Checkbox({ className, ...props }: ComponentProps<typeof Primitive.Root>) {
  return (
    <Primitive.Root
      className={cn(
        "group touch-target relative inline-flex size-5 shrink-0 items-center justify-center rounded-md border border-input bg-surface shadow-raised transition-colors disabled:opacity-50 aria-invalid:border-danger data-[state=checked]:border-primary data-[state=indeterminate]:border-primary data-[state=checked]:bg-primary data-[state=indeterminate]:bg-primary",
        className,
      )}
      {...props}
    >
      <Primitive.Indicator className="text-primary-foreground">
        <Check aria-hidden className="size-3.5 stroke-3 group-data-[state=indeterminate]:hidden" />
        <Minus aria-hidden className="size-3.5 stroke-3 group-data-[state=checked]:hidden" />
      </Primitive.Indicator>
    </Primitive.Root>
  );
}
