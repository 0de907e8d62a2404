import { expect, it } from "vitest";
import { operation } from "@/test/catalogue";
import { readForm } from "./parameters";
import { type Params, validate } from "./validate";

const check = (name: string, params: Params) =>
  validate(readForm(operation(name).parameters), params);

it.each<[string, Params]>([
  ["resize", { height: 1 }],
  ["resize", { width: 16_384, height: null }],
  ["crop", { aspect: "16:9", anchor: "face" }],
  ["gamma", { amount: 0.1 }],
  ["round_corners", { radius: "50%" }],
  ["round_corners", { radius: 0 }],
  ["compress", { quality: "auto" }],
  ["compress", { lossless: true }],
  ["border", { width: 3, color: "rebeccapurple" }],
  ["pixelate", { region: { x: 0, y: 0, width: 1, height: 1 } }],
  ["watermark", { text: "ü".repeat(200) }],
  ["watermark", { text: "😀".repeat(200) }],
  // From an older recipe: there is no control for it, but the server accepts it.
  ["watermark", { watermark_text: "old" }],
])("%s takes %j", (name, params) => {
  expect(check(name, params)).toEqual({});
});

it.each<[string, Params, string, RegExp]>([
  ["rotate", {}, "degrees", /Required/],
  ["rotate", { degrees: "" }, "degrees", /Required/],
  ["rotate", { degrees: -361 }, "degrees", /-361 is less than the minimum of -360 °/],
  ["resize", { width: 128_000 }, "width", /128,000 is more than the maximum of 16,384 px/],
  ["resize", { width: 1.5 }, "width", /whole number/],
  ["resize", { width: "wide" }, "width", /Enter a number/],
  ["resize", { width: Number.NaN }, "width", /Enter a number/],
  [
    "resize",
    { width: 5, fit: "squeeze" },
    "fit",
    /squeeze is not one of Fill \(stretch\), Contain/,
  ],
  ["resize", { width: 5, upscale: "no" }, "upscale", /on or off/],
  ["round_corners", { radius: "51%" }, "radius", /up to 50%/],
  ["compress", { quality: "best" }, "quality", /Enter a number/],
  ["border", { width: 3, color: "#12345" }, "color", /colour such as/],
  ["tint", { color: "#11223344" }, "color", /colour such as/],
  ["crop", { aspect: "16/9" }, "aspect", /required format/],
  ["watermark", { text: "x".repeat(201) }, "text", /201 characters; at most 200 are allowed/],
  ["pixelate", { region: { x: 0, y: 0, width: 0, height: 5 } }, "region", /Width: 0 is less than/],
  ["pixelate", { region: { x: 0, y: 0, width: 5 } }, "region", /Height: Required/],
  ["pixelate", { region: "all" }, "region", /rectangle/],
])("%s with %j is wrong at %s", (name, params, where, message) => {
  const errors = check(name, params);
  expect(Object.keys(errors)).toEqual([where]);
  expect(errors[where]).toMatch(message);
});

it("names the alternatives when none is given", () => {
  expect(check("crop", { width: 5 })[""]).toBe("Enter width and height or aspect.");
  expect(check("resize", {})[""]).toBe("Enter width, height or scale.");
});

it("names only alternatives with a control, and refuses two where only one is allowed", () => {
  expect(check("watermark", {})[""]).toBe("Enter text or image.");
  expect(check("watermark", { text: "a", image_id: 1 })[""]).toMatch(/only one/);
  expect(check("watermark", { text: "a", watermark_text: "b" })[""]).toMatch(/only one/);
});
