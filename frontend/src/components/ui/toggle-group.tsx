"use client";

import { ToggleGroup as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { Tooltip } from "@/components/ui/tooltip";

interface ToggleGroupProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: string; icon: ReactNode }[];
}

/** A choice of one option, shown as icons, such as grid or list. */
export function ToggleGroup<T extends string>({
  label,
  value,
  onChange,
  options,
}: ToggleGroupProps<T>) {
  return (
    <Primitive.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => next && onChange(next as T)}
      className="inline-flex h-9 pointer-coarse:h-10 items-center gap-0.5 rounded-lg border bg-surface p-0.5 shadow-raised"
    >
      {options.map((option) => (
        <Tooltip key={option.value} label={option.label} repeatsName>
          <Primitive.Item
            value={option.value}
            aria-label={option.label}
            className="touch-target relative inline-flex h-full items-center rounded-md px-2 pointer-coarse:px-3 text-muted-foreground transition-colors hover:text-foreground aria-checked:bg-muted aria-checked:text-foreground [&_svg]:size-4"
          >
            {option.icon}
          </Primitive.Item>
        </Tooltip>
      ))}
    </Primitive.Root>
  );
}
