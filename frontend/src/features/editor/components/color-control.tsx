"use client";

import { Input } from "@/components/ui/input";
import { isAbsent } from "../model/validate";

interface ColorControlProps {
  id?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
  value: unknown;
  fallback: unknown;
  onChange: (value: unknown) => void;
}

/** A colour: chosen with the browser's picker, or typed (a name, or with alpha). */
export function ColorControl({ value, fallback, onChange, ...field }: ColorControlProps) {
  const shown = String(isAbsent(value) ? (fallback ?? "") : value);
  return (
    <div className="flex gap-2">
      <input
        type="color"
        aria-label="Pick a colour"
        value={opaque(shown)}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 w-11 pointer-coarse:h-10 shrink-0 cursor-pointer rounded-lg border border-input bg-surface p-1"
      />
      <Input
        {...field}
        value={isAbsent(value) ? "" : String(value)}
        placeholder={isAbsent(fallback) ? "Automatic" : String(fallback)}
        onChange={(event) => onChange(event.target.value || undefined)}
      />
    </div>
  );
}

/** The colour as the picker takes it: #rrggbb without alpha. */
function opaque(color: string): string {
  const hex = /^#([0-9a-f]{6})([0-9a-f]{2})?$/i.exec(color);
  if (hex) {
    return `#${hex[1]}`.toLowerCase();
  }
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(color);
  return short
    ? `#${short
        .slice(1)
        .map((digit) => digit + digit)
        .join("")}`.toLowerCase()
    : "#ffffff";
}
