import { expect, it } from "vitest";
import { operation } from "@/test/catalogue";
import { readForm } from "./parameters";
import { AS_IT_IS, type EditorStep, EMPTY, newStep, toBody, writingOnly } from "./pipeline";
import { validate } from "./validate";

const step = (changes: Partial<EditorStep>): EditorStep => ({
  key: "a",
  operation: "resize",
  params: { width: 5 },
  on: true,
  ...changes,
});

it("sends the steps that are on, in order, without absent values", () => {
  const steps = [
    step({ params: { width: 5, height: undefined, fit: null, kernel: "", upscale: false } }),
    step({ operation: "flip", params: {}, on: false }),
    step({ operation: "mirror", params: {} }),
  ];
  expect(toBody({ ...EMPTY, steps })).toEqual({
    transformations: [
      { operation: "resize", params: { width: 5, upscale: false } },
      { operation: "mirror", params: {} },
    ],
  });
});

it("keeps a zero", () => {
  const steps = [step({ operation: "brightness", params: { amount: 0 } })];
  expect(toBody({ ...EMPTY, steps }).transformations[0]?.params).toEqual({ amount: 0 });
});

it("sends format and quality only where they are chosen", () => {
  expect(toBody(EMPTY)).toEqual({ transformations: [] });
  expect(
    toBody({ steps: [], output: { ...EMPTY.output, format: "avif", quality: "auto" } }),
  ).toEqual({
    transformations: [],
    format: "avif",
    quality: "auto",
  });
});

it("has a body that changes nothing and that the server accepts", () => {
  for (const { operation: name, params } of AS_IT_IS.transformations) {
    expect(validate(readForm(operation(name).parameters), params)).toEqual({});
  }
  expect(writingOnly({ transformations: [], format: "png" })).toEqual({
    ...AS_IT_IS,
    format: "png",
  });
});

it("does not let a step change the catalogue's example", () => {
  const blur = operation("blur");
  const made = newStep(blur);
  made.params.radius = 50;
  expect(blur.example.params).toEqual({ radius: 4 });
  expect(newStep(blur).key).not.toBe(made.key);
});
