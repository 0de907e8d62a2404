import { formatNumber } from "@/lib/format";
import type { Form, Parameter } from "./parameters";

export type Params = Record<string, unknown>;
/** What is wrong, by parameter; under `""` what is wrong with all of them together. */
export type Errors = Record<string, string>;

/** Everything that the server would refuse about these values, as far as the form knows. */
export function validate(form: Form, params: Params): Errors {
  const errors: Errors = {};
  for (const parameter of form.parameters) {
    const error = checkValue(parameter, params[parameter.name]);
    if (error) {
      errors[parameter.name] = error;
    }
  }
  const given = form.alternatives.filter((names) => names.every((name) => !isAbsent(params[name])));
  if (form.alternatives.length > 0 && given.length === 0) {
    errors[""] = `Give ${alternatives(form)}.`;
  } else if (form.exactlyOne && given.length > 1) {
    errors[""] = `Give only one: ${alternatives(form)}.`;
  }
  return errors;
}

export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function checkValue(parameter: Parameter, value: unknown): string | null {
  if (isAbsent(value)) {
    return parameter.required ? "Needed." : null;
  }
  switch (parameter.kind) {
    case "number":
      return typeof value === "string" && parameter.words.includes(value)
        ? null
        : checkNumber(value, parameter);
    case "length":
      return typeof value === "string"
        ? parameter.pattern.test(value)
          ? null
          : "Write pixels such as 20, or a share such as 10%, up to 50%."
        : checkNumber(value, { whole: true, min: 0, max: parameter.max, unit: "px" });
    case "text": {
      const text = String(value);
      if (parameter.longest !== null && [...text].length > parameter.longest) {
        return `${[...text].length} characters; at most ${parameter.longest}.`;
      }
      return parameter.pattern && !parameter.pattern.test(text)
        ? "Not of the form it needs."
        : null;
    }
    case "region": {
      if (typeof value !== "object") {
        return "Needs a rectangle.";
      }
      const parts = value as Params;
      const bad = parameter.parts.find((part) => checkValue(part, parts[part.name]) !== null);
      return bad ? `${bad.label}: ${checkValue(bad, parts[bad.name])}` : null;
    }
    case "choice":
      return parameter.options.includes(String(value))
        ? null
        : `${String(value)} is none of ${parameter.options.join(", ")}.`;
    case "color":
      return !parameter.pattern || parameter.pattern.test(String(value))
        ? null
        : "Write a colour such as #1a2b3c, or its English name.";
    case "switch":
      return typeof value === "boolean" ? null : "Needs to be on or off.";
  }
}

interface Range {
  whole: boolean;
  min: number | null;
  max: number | null;
  unit: string;
}

function checkNumber(value: unknown, { whole, min, max, unit }: Range): string | null {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    return "Not a number.";
  }
  if (whole && !Number.isInteger(value)) {
    return "Needs a whole number.";
  }
  const of = unit && ` ${unit}`;
  if (min !== null && value < min) {
    return `${formatNumber(value)} is less than the least, ${formatNumber(min)}${of}.`;
  }
  if (max !== null && value > max) {
    return `${formatNumber(value)} is more than the most, ${formatNumber(max)}${of}.`;
  }
  return null;
}

/** The sets that the form has controls for, as people read them. */
function alternatives({ alternatives: groups, parameters }: Form): string {
  const shown = new Set(parameters.map(({ name }) => name));
  return groups
    .filter((names) => names.every((name) => shown.has(name)))
    .map((names) => names.join(" and ").replaceAll("_", " "))
    .join(", or ");
}
