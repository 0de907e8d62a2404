"use client";

import { useId } from "react";
import { Checkbox } from "@/components/ui/checkbox";

interface Option<T extends string> {
  value: T;
  label: string;
  description: string;
  /** Another chosen option includes this one: it is shown as chosen and cannot be changed. */
  implied?: boolean;
}

interface CheckGroupProps<T extends string> {
  label: string;
  options: readonly Option<T>[];
  value: readonly T[];
  onChange: (value: T[]) => void;
  error?: string;
}

/** A group of checkboxes, each with an explanation. */
export function CheckGroup<T extends string>(props: CheckGroupProps<T>) {
  const { label, options, value, onChange, error } = props;
  const id = useId();
  const toggle = (one: T, on: boolean) =>
    onChange(
      options
        .map((each) => each.value)
        .filter((each) => (each === one ? on : value.includes(each))),
    );
  return (
    <fieldset aria-describedby={error && `${id}-error`} className="flex flex-col gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">{label}</legend>
      <div className="divide-y rounded-lg border">
        {options.map((option, index) => (
          <div key={option.value} className="relative flex gap-3 px-3 py-2.5">
            <Checkbox
              id={`${id}-${index}`}
              aria-describedby={`${id}-${index}-hint`}
              aria-invalid={error ? true : undefined}
              checked={option.implied || value.includes(option.value)}
              disabled={option.implied}
              onCheckedChange={(checked) => toggle(option.value, checked === true)}
            />
            <div className="min-w-0">
              {/* The label covers the row, so that all of it can be pressed. */}
              <label
                htmlFor={`${id}-${index}`}
                className="font-medium text-sm after:absolute after:inset-0"
              >
                {option.label}
              </label>
              <p
                id={`${id}-${index}-hint`}
                className="text-muted-foreground text-xs leading-relaxed"
              >
                {option.description}
              </p>
            </div>
          </div>
        ))}
      </div>
      {error && (
        <p id={`${id}-error`} role="alert" className="text-danger-soft-foreground text-xs">
          {error}
        </p>
      )}
    </fieldset>
  );
}
