"use client";

import { cloneElement, type ReactElement, type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";

interface ControlProps {
  id?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
}

interface FieldProps {
  label: ReactNode;
  /** One Input, Select, ... The field sets its `id` and `aria-describedby`. */
  children: ReactElement<ControlProps>;
  /** More props for the control: those that connect it to a form. */
  control?: object;
  hint?: ReactNode;
  error?: string;
  /** Shown at the end of the label's line, such as a unit or a link. */
  aside?: ReactNode;
  className?: string;
}

/** A control with its label, hint and error, connected for screen readers. */
export function Field(props: FieldProps) {
  const { label, children, control, hint, error, aside, className } = props;
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={cn("flex min-w-0 flex-col gap-1.5", className)}>
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="font-medium text-sm">
          {label}
        </label>
        {aside && <span className="text-muted-foreground text-xs">{aside}</span>}
      </div>
      {cloneElement(children, {
        ...control,
        id,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-danger-soft-foreground text-xs">
          {error}
        </p>
      )}
      {hint && (
        <div id={`${id}-hint`} className="text-muted-foreground text-xs leading-relaxed">
          {hint}
        </div>
      )}
    </div>
  );
}

/** The error of a form as a whole. */
export function FormError({ children }: { children: ReactNode }) {
  return children ? (
    <p
      role="alert"
      className="rounded-lg bg-danger-soft px-3 py-2 text-danger-soft-foreground text-sm"
    >
      {children}
    </p>
  ) : null;
}
