import { describe, expect, it } from "vitest";
import { operation } from "@/test/catalogue";
import { type Parameter, readForm } from "./parameters";

function parameterOf(operationName: string, name: string): Parameter {
  const { parameters } = readForm(operation(operationName).parameters);
  const found = parameters.find((one) => one.name === name);
  if (!found) {
    throw new Error(`${operationName} has no ${name}`);
  }
  return found;
}

describe("a parameter of the catalogue becomes", () => {
  it("a number with its range and unit", () => {
    expect(parameterOf("brightness", "amount")).toMatchObject({
      kind: "number",
      label: "Amount",
      required: true,
      whole: false,
      min: -100,
      max: 100,
      unit: "%",
    });
  });

  it("a whole number that may be absent", () => {
    expect(parameterOf("resize", "width")).toMatchObject({
      kind: "number",
      required: false,
      whole: true,
      min: 1,
      unit: "px",
      fallback: null,
    });
  });

  it("a number that may be a word", () => {
    expect(parameterOf("compress", "quality")).toMatchObject({ kind: "number", words: ["auto"] });
  });

  it("a choice, with or without a default", () => {
    expect(parameterOf("pop_art", "palette")).toMatchObject({
      kind: "choice",
      fallback: "factory",
    });
    expect(parameterOf("crop", "anchor")).toMatchObject({ kind: "choice", fallback: null });
  });

  it.each([
    ["resize", "upscale", "switch"],
    ["tint", "color", "color"],
    ["rotate", "background", "color"],
    ["round_corners", "radius", "length"],
    ["watermark", "text", "text"],
    ["pixelate", "region", "region"],
    ["watermark", "image_id", "image"],
  ])("%s: %s a %s", (name, parameter, kind) => {
    expect(parameterOf(name, parameter).kind).toBe(kind);
  });

  it("no control where it is deprecated", () => {
    const { parameters } = readForm(operation("watermark").parameters);
    expect(parameters.map(({ name }) => name)).not.toContain("watermark_text");
  });
});

it("becomes a text field where the page does not know the schema", () => {
  const { parameters } = readForm({ properties: { curve: { type: "array", items: {} } } });
  expect(parameters[0]).toMatchObject({ kind: "text", longest: null, pattern: null });
});

it("has no controls where there are no parameters", () => {
  expect(readForm({ type: "object" })).toEqual({
    parameters: [],
    alternatives: [],
    exactlyOne: false,
  });
});
