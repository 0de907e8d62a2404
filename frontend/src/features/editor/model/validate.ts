import { formatNumber } from "@/lib/format";
import type { Form, Parameter } from "./parameters";
import { optionOf } from "./words";

export type Params = Record<string, unknown>;
/** Error messages by parameter; under `""` the message about the values together. */
export type Errors = Record<string, string>;

/** Check values against the form. The server may still refuse what the form does not know. */
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
    errors[""] = `Enter ${describeAlternatives(form)}.`;
  } else if (form.exactlyOne && given.length > 1) {
    errors[""] = `Enter only one: ${describeAlternatives(form)}.`;
  }
  return errors;
}

export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function checkValue(parameter: Parameter, value: unknown): string | null {
  if (isAbsent(value)) {
    return parameter.required ? "Required." : null;
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
          : "Enter a number of pixels such as 20, or a percentage up to 50%, such as 10%."
        : checkNumber(value, { whole: true, min: 0, max: parameter.max, unit: "px" });
    case "text": {
      const text = String(value);
      if (parameter.longest !== null && [...text].length > parameter.longest) {
        return `The text has ${[...text].length} characters; at most ${parameter.longest} are allowed.`;
      }
      return parameter.pattern && !parameter.pattern.test(text)
        ? "The text does not have the required format."
        : null;
    }
    case "region": {
      if (typeof value !== "object") {
        return "Enter a rectangle.";
      }
      const parts = value as Params;
      const bad = parameter.parts.find((part) => checkValue(part, parts[part.name]) !== null);
      return bad ? `${bad.label}: ${checkValue(bad, parts[bad.name])}` : null;
    }
    case "choice":
      return parameter.options.includes(String(value))
        ? null
        : `${String(value)} is not one of ${parameter.options.map((option) => optionOf(parameter, option).label).join(", ")}.`;
    case "color":
      return !parameter.pattern || parameter.pattern.test(String(value))
        ? null
        : "Enter a colour such as #1a2b3c or an English colour name.";
    case "image":
      return Number.isSafeInteger(value) ? null : "Choose one of your images.";
    case "switch":
      return typeof value === "boolean" ? null : "Choose on or off.";
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
    return "Enter a number.";
  }
  if (whole && !Number.isInteger(value)) {
    return "Enter a whole number.";
  }
  const suffix = unit && ` ${unit}`;
  if (min !== null && value < min) {
    return `${formatNumber(value)} is less than the minimum of ${formatNumber(min)}${suffix}.`;
  }
  if (max !== null && value > max) {
    return `${formatNumber(value)} is more than the maximum of ${formatNumber(max)}${suffix}.`;
  }
  return null;
}

/** The alternatives for which the form has controls, as text. */
function describeAlternatives({ alternatives: groups, parameters }: Form): string {
  const labels = new Map(parameters.map(({ name, label }) => [name, label.toLowerCase()]));
  const choices = groups
    .filter((names) => names.every((name) => labels.has(name)))
    .map((names) => names.map((name) => labels.get(name)).join(" and "));
  const last = choices.pop() ?? "";
  return choices.length > 0 ? `${choices.join(", ")} or ${last}` : last;
}
