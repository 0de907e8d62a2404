import { labelOf } from "./words";

/**
 * The parameters of an operation, read from the JSON Schema of the catalogue.
 *
 * Only the schemas that the catalogue uses are understood. Any other becomes a text field whose value
 * the server checks, so that the page can use operations that are newer than itself.
 */

type Schema = Record<string, unknown>;

interface Common {
  name: string;
  label: string;
  description: string;
  /** The server refuses a step without it. */
  required: boolean;
  /** The default; null if the server decides. */
  fallback: unknown;
}

export type Parameter = Common &
  (
    | {
        kind: "number";
        whole: boolean;
        min: number | null;
        max: number | null;
        unit: string;
        /** Words that are allowed instead of a number, such as `auto`. */
        words: readonly string[];
      }
    | { kind: "choice"; options: readonly string[] }
    | { kind: "switch" }
    /** The id of one of the user's images. */
    | { kind: "image" }
    | { kind: "color"; pattern: RegExp | null }
    | { kind: "length"; max: number | null; pattern: RegExp }
    | { kind: "text"; longest: number | null; pattern: RegExp | null }
    | { kind: "region"; parts: readonly Parameter[] }
  );

export interface Form {
  parameters: readonly Parameter[];
  /**
   * At least one of these sets must be given, or exactly one if `exactlyOne`. They include deprecated
   * parameters, which have no control but may be in a recipe.
   */
  alternatives: readonly (readonly string[])[];
  exactlyOne: boolean;
}

/** Read the JSON Schema `parameters` of an operation. */
export function readForm(schema: Schema): Form {
  const required = new Set(strings(schema.required));
  const parameters = Object.entries(objects(schema.properties))
    .filter(([, value]) => value.deprecated !== true)
    .map(([name, value]) => readParameter(name, value, required.has(name)));
  const oneOf = list(schema.oneOf);
  const alternatives = (oneOf.length > 0 ? oneOf : list(schema.anyOf))
    .map((each) => strings(each.required))
    .filter((names) => names.length > 0);
  return { parameters, alternatives, exactlyOne: oneOf.length > 0 };
}

function readParameter(name: string, schema: Schema, required: boolean): Parameter {
  const variants = list(schema.anyOf).filter((each) => each.type !== "null");
  const merged: Schema = variants.length === 1 ? { ...schema, ...variants[0] } : schema;
  const common: Common = {
    name,
    label: labelOf(name),
    description: typeof schema.description === "string" ? inWords(schema.description) : "",
    required,
    fallback: schema.default ?? null,
  };
  const number = (variants.length > 0 ? variants : [merged]).find(isNumber);
  const words = variants.flatMap((each) => (typeof each.const === "string" ? [each.const] : []));
  const text = variants.find((each) => each.type === "string" && typeof each.pattern === "string");
  if (number && text?.["x-unit"] === "%") {
    return { ...common, kind: "length", max: numeric(number.maximum), pattern: regular(text) };
  }
  if (number?.["x-refers-to"] === "image") {
    return { ...common, kind: "image" };
  }
  if (number) {
    return {
      ...common,
      kind: "number",
      whole: number.type === "integer",
      min: numeric(number.minimum) ?? numeric(number.exclusiveMinimum),
      max: numeric(number.maximum) ?? numeric(number.exclusiveMaximum),
      unit: unitOf(number["x-unit"] ?? schema["x-unit"]),
      words,
    };
  }
  if (merged.type === "boolean") {
    return { ...common, kind: "switch" };
  }
  if (Array.isArray(merged.enum)) {
    return { ...common, kind: "choice", options: strings(merged.enum) };
  }
  if (merged.format === "color") {
    return { ...common, kind: "color", pattern: patternOf(merged) };
  }
  if (merged.type === "object" && merged.properties) {
    return { ...common, kind: "region", parts: readForm(merged).parameters };
  }
  return {
    ...common,
    kind: "text",
    longest: numeric(merged.maxLength),
    pattern: patternOf(merged),
  };
}

/** A text about parameters as people read it: "max_bytes" -> "max bytes". */
function inWords(text: string): string {
  return text.replace(/\b[a-z]+(?:_[a-z]+)+\b/g, (name) => name.replaceAll("_", " "));
}

function unitOf(unit: unknown): string {
  return unit === "0..1" || typeof unit !== "string" ? "" : unit === "deg" ? "°" : unit;
}

function isNumber(schema: Schema): boolean {
  return schema.type === "integer" || schema.type === "number";
}

function numeric(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function patternOf(schema: Schema): RegExp | null {
  return typeof schema.pattern === "string" ? regular(schema) : null;
}

function regular(schema: Schema): RegExp {
  return new RegExp(String(schema.pattern), "u");
}

function list(value: unknown): Schema[] {
  return Array.isArray(value) ? (value as Schema[]) : [];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function objects(value: unknown): Record<string, Schema> {
  return (value ?? {}) as Record<string, Schema>;
}
