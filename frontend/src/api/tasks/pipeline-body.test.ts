import { expect, it } from "vitest";
import { pipelineBodyOf } from "./pipeline-body";

const STEPS = [{ operation: "flip", params: {} }];

it("repeats the steps, the format and the output options of the task", () => {
  const given = { lossless: true, metadata: "keep", background: "#ff0000" } as const;
  const options = { quality: null, ...given };
  expect(pipelineBodyOf({ transformations: STEPS, format: "WEBP", options })).toEqual({
    transformations: STEPS,
    format: "webp",
    ...given,
  });
});

it("keeps automatic quality, and leaves out options that the server chose", () => {
  const options = { quality: "auto", lossless: false, metadata: null, background: null } as const;
  expect(pipelineBodyOf({ transformations: STEPS, format: "JPEG", options })).toEqual({
    transformations: STEPS,
    format: "jpeg",
    quality: "auto",
  });
});
