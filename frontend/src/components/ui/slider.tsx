"use client";

import { Slider as Primitive } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

type SliderProps = Omit<ComponentProps<typeof Primitive.Root>, "value" | "onValueChange"> & {
  value: number;
  onValueChange: (value: number) => void;
};

/** A slider with one thumb. It needs an `aria-label`, or an `id` from Field. */
export function Slider({
  className,
  value,
  onValueChange,
  id,
  "aria-label": label,
  "aria-describedby": describedBy,
  ...props
}: SliderProps) {
  return (
    <Primitive.Root
      className={cn(
        "relative flex h-5 w-full pointer-coarse:h-10 touch-none select-none items-center",
        className,
      )}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onValueChange(next)}
      {...props}
    >
      <Primitive.Track className="relative h-1 w-full grow overflow-hidden rounded-full bg-input">
        <Primitive.Range className="absolute h-full bg-primary" />
      </Primitive.Track>
      <Primitive.Thumb
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        className="touch-target relative block size-4 rounded-full border border-primary bg-white shadow-raised transition-transform hover:scale-110 pointer-coarse:size-5"
      />
    </Primitive.Root>
  );
}
