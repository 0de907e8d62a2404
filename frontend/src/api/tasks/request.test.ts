import { expect, it } from "vitest";
import { requestOf } from "./request";

const STEPS = [{ operation: "flip", params: {} }];

it("asks for the same again, with what the request said of the file", () => {
  const said = { lossless: true, metadata: "keep", background: "#ff0000" } as const;
  const options = { quality: null, ...said };
  expect(requestOf({ transformations: STEPS, format: "WEBP", options })).toEqual({
    transformations: STEPS,
    format: "webp",
    ...said,
  });
});

it("asks for a quality that is found anew, and says nothing of what was left to the service", () => {
  const options = { quality: "auto", lossless: false, metadata: null, background: null } as const;
  expect(requestOf({ transformations: STEPS, format: "JPEG", options })).toEqual({
    transformations: STEPS,
    format: "jpeg",
    quality: "auto",
  });
});
