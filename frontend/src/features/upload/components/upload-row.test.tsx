import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { anImage } from "@/test/images";
import type { Upload } from "../queue";
import { UploadRow } from "./upload-row";

function done(warnings: { code: string; detail: string }[]): Upload {
  const image = anImage(7);
  return {
    id: "one",
    file: new File(["pixels"], "photo.jpg", { type: "image/jpeg" }),
    state: "done",
    progress: 1,
    retryable: false,
    image: { ...image, metadata: { ...image.metadata, warnings }, duplicate_of: null },
  } as unknown as Upload;
}

it("says what is damaged in an accepted image, and leads to it", () => {
  const detail = "The JPEG file is cut off: about 12% of its rows are missing.";
  render(<UploadRow upload={done([{ code: "truncated", detail }])} />);
  expect(screen.getByText(detail)).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Open" })).toHaveAttribute(
    "href",
    expect.stringMatching(/^\/image\/?\?id=7$/),
  );
});

it("says nothing of an image that is whole", () => {
  render(<UploadRow upload={done([])} />);
  expect(screen.queryByText(/cut off/)).toBeNull();
});
