import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Result } from "@/api/results/schema";
import type { Task } from "@/api/tasks/schema";
import { ResultFacts } from "./result-facts";

function show(quality: number | null) {
  const task = { transformations: [], warnings: [], quality: 85 } as unknown as Task;
  const result = {
    metadata: { format: "WEBP", width: 20, height: 10, quality },
    created_at: "2026-11-28T12:00:00Z",
  } as Result;
  render(<ResultFacts task={task} result={result} source={undefined} />);
  return screen.getByText(/^WEBP/);
}

it("shows the quality of the file", () => {
  expect(show(62)).toHaveTextContent("WEBP at quality 62");
});

it("shows no quality for a lossless file, whatever was requested", () => {
  expect(show(null)).toHaveTextContent(/^WEBP$/);
});
