"use client";

import { Popover as Primitive } from "radix-ui";
import type { ComponentProps } from "react";
import { floating, floatingDistances } from "@/components/ui/floating";
import { cn } from "@/lib/cn";

export const Popover = Primitive.Root;
export const PopoverTrigger = Primitive.Trigger;

export function PopoverContent({ className, ...props }: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        {...floatingDistances}
        className={cn(
          floating,
          "w-72 origin-(--radix-popover-content-transform-origin) p-4 outline-none",
          className,
        )}
        {...props}
      />
    </Primitive.Portal>
  );
}
