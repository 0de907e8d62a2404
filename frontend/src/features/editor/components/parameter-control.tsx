"use client";

import { useId } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Slider } from "@/components/ui/slider";
import { Switch } from "@/components/ui/switch";
import { SwitchField } from "@/components/ui/switch-field";
import { formatNumber } from "@/lib/format";
import type { Parameter } from "../model/parameters";
import { isAbsent, type Params } from "../model/validate";
import { optionOf } from "../model/words";
import { ColorControl } from "./color-control";
import { ImageControl } from "./image-control";

interface ControlProps {
  parameter: Parameter;
  value: unknown;
  error?: string;
  /** undefined removes the value, so that the default applies. */
  onChange: (value: unknown) => void;
}

/** The control for the type of a parameter. */
export function ParameterControl(props: ControlProps) {
  const { parameter, value, error, onChange } = props;
  switch (parameter.kind) {
    case "number":
      return <NumberControl {...props} parameter={parameter} />;
    case "switch":
      return (
        <SwitchField
          label={parameter.label}
          hint={parameter.description}
          error={error}
          checked={(value ?? parameter.fallback) === true}
          onChange={(checked) =>
            onChange(checked === (parameter.fallback === true) ? undefined : checked)
          }
        />
      );
    case "choice":
      return <ChoiceControl {...props} parameter={parameter} />;
    case "image":
      return (
        <Field label={parameter.label} hint={parameter.description} error={error}>
          <ImageControl label={parameter.label} value={value} onChange={onChange} />
        </Field>
      );
    case "color":
      return (
        <Field label={parameter.label} hint={parameter.description} error={error}>
          <ColorControl value={value} fallback={parameter.fallback} onChange={onChange} />
        </Field>
      );
    case "length":
      return (
        <Field label={parameter.label} aside="px or %" hint={parameter.description} error={error}>
          <Input
            value={isAbsent(value) ? "" : String(value)}
            placeholder="10%"
            onChange={(event) => onChange(lengthOf(event.target.value))}
          />
        </Field>
      );
    case "region":
      return <RegionControl {...props} parts={parameter.parts} />;
    default:
      return (
        <Field label={parameter.label} hint={parameter.description} error={error}>
          <Input
            value={isAbsent(value) ? "" : String(value)}
            placeholder={isAbsent(parameter.fallback) ? undefined : String(parameter.fallback)}
            onChange={(event) => onChange(event.target.value || undefined)}
          />
        </Field>
      );
  }
}

function ChoiceControl({
  parameter,
  value,
  error,
  onChange,
}: ControlProps & { parameter: Extract<Parameter, { kind: "choice" }> }) {
  const { label, options, fallback } = parameter;
  const current = String(isAbsent(value) ? (fallback ?? "") : value);
  return (
    <Field label={label} hint={optionOf(parameter, current).hint} error={error}>
      <Select value={current} onChange={(event) => onChange(event.target.value || undefined)}>
        {(fallback === null ? ["", ...options] : options).map((option) => (
          <option key={option} value={option}>
            {optionOf(parameter, option).label}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** A wider range has no slider, because a slider could not reach every number in it. */
const WIDEST_SLIDER = 1000;

function slidable(min: number, max: number): boolean {
  return max - min <= WIDEST_SLIDER;
}

function NumberControl({
  parameter,
  value,
  error,
  onChange,
}: ControlProps & { parameter: Extract<Parameter, { kind: "number" }> }) {
  const { min, max, whole, unit, words, fallback } = parameter;
  const current = typeof value === "number" ? value : fallback;
  const slides = min !== null && max !== null && slidable(min, max) && typeof current === "number";
  // The largest side that the API allows says nothing about this picture. Its error does.
  const range =
    min !== null && max !== null && slidable(min, max)
      ? `${formatNumber(min)} to ${formatNumber(max)}${unit && ` ${unit}`}`
      : unit || undefined;
  const step = whole ? 1 : max !== null && min !== null && max - min <= 10 ? 0.01 : 0.1;
  return (
    <div className="flex flex-col gap-2">
      <Field label={parameter.label} aside={range} hint={parameter.description} error={error}>
        <Input
          type={words.length > 0 ? "text" : "number"}
          inputMode={words.length > 0 ? "text" : whole && (min ?? -1) >= 0 ? "numeric" : "decimal"}
          step={step}
          value={isAbsent(value) ? "" : String(value)}
          placeholder={isAbsent(fallback) ? (words[0] ?? "Automatic") : String(fallback)}
          onChange={(event) => onChange(numberOf(event.target.value, words))}
        />
      </Field>
      {slides ? (
        <Slider
          aria-label={parameter.label}
          min={min}
          max={max}
          step={step}
          value={Math.min(max, Math.max(min, current))}
          onValueChange={onChange}
        />
      ) : null}
    </div>
  );
}

function RegionControl({
  parameter,
  value,
  error,
  onChange,
  parts,
}: ControlProps & { parts: readonly Parameter[] }) {
  const id = useId();
  const given = value as Params | undefined | null;
  return (
    <fieldset
      aria-labelledby={`${id}-label`}
      aria-describedby={`${id}-hint`}
      className="flex flex-col gap-3 rounded-lg border p-3"
    >
      <div className="flex items-center justify-between gap-4">
        <label id={`${id}-label`} htmlFor={id} className="font-medium text-sm">
          {parameter.label}
        </label>
        <Switch
          id={id}
          checked={!!given}
          onCheckedChange={(checked) =>
            onChange(checked ? { x: 0, y: 0, width: 200, height: 200 } : undefined)
          }
        />
      </div>
      <p id={`${id}-hint`} className="text-muted-foreground text-xs leading-relaxed">
        {parameter.description}
      </p>
      {given && (
        <div className="grid grid-cols-2 gap-3">
          {parts.map((part) => (
            <ParameterControl
              key={part.name}
              parameter={{ ...part, description: "" }}
              value={given[part.name]}
              onChange={(next) => onChange({ ...given, [part.name]: next })}
            />
          ))}
        </div>
      )}
      {error && (
        <p role="alert" className="text-danger-soft-foreground text-xs">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function numberOf(text: string, words: readonly string[]): unknown {
  const trimmed = text.trim();
  if (trimmed === "") {
    return undefined;
  }
  const value = Number(trimmed);
  return Number.isFinite(value) || words.length === 0 ? value : trimmed;
}

function lengthOf(text: string): unknown {
  const trimmed = text.trim();
  return trimmed === "" ? undefined : /^[0-9]+$/.test(trimmed) ? Number(trimmed) : trimmed;
}
