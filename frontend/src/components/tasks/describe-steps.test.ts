import { expect, it } from "vitest";
import { titleOf } from "@/lib/format";
import { catalogue } from "@/test/catalogue";
import { describeSteps, describeValues } from "./describe-steps";

it.each([
  [{ operation: "resize", params: { width: 800, height: 600 } }, "Resize 800 × 600"],
  [{ operation: "resize", params: { width: 800, height: null } }, "Resize 800 wide"],
  [{ operation: "resize", params: { height: 600 } }, "Resize 600 high"],
  [{ operation: "resize", params: { scale: 50 } }, "Resize 50 %"],
  [{ operation: "rotate", params: { degrees: -90 } }, "Rotate -90°"],
  [{ operation: "watermark", params: { text: "© Jane" } }, "Watermark “© Jane”"],
  [{ operation: "watermark", params: { text: "x".repeat(25) } }, `Watermark “${"x".repeat(23)}…”`],
  [{ operation: "change_format", params: { format: "webp" } }, "Change format WEBP"],
  [
    { operation: "apply_filter", params: { sepia: true, blur: false, edges: true } },
    "Sepia, edges",
  ],
  [{ operation: "apply_filter", params: {} }, "Apply filter"],
  [{ operation: "oil_painting", params: { relief: 0.5 } }, "Oil painting"],
])("%j", (step, text) => {
  expect(describeSteps([step])).toBe(text);
});

it("tells the values of a step apart from its name", () => {
  expect(describeValues({ operation: "resize", params: { width: 800 } })).toBe("800 wide");
  expect(describeValues({ operation: "grayscale", params: {} })).toBe("");
});

it("joins steps to one line, which is empty without steps", () => {
  const steps = [
    { operation: "crop", params: { aspect: "1:1" } },
    { operation: "grayscale", params: {} },
  ];
  expect(describeSteps(steps)).toBe("Crop, grayscale");
  expect(describeSteps([])).toBe("");
});

it.each(catalogue().map(({ name, example }) => [name, example.params] as const))(
  "names %s in words",
  (operation, params) => {
    expect(titleOf(operation)).toMatch(/^[A-Z][a-z ]+$/);
    expect(describeSteps([{ operation, params: params as Record<string, unknown> }])).not.toContain(
      "_",
    );
  },
);
