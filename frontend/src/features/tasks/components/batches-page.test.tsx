import { act, fireEvent, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { Batch } from "@/api/batches/schema";
import type { Task } from "@/api/tasks/schema";
import { renderPage } from "@/test/render-page";
import { fakeServer, json } from "@/test/server";
import { BatchesPage } from "./batches-page";
import { TaskRow } from "./task-row";

const STEPS = [{ operation: "resize", params: { scale: 50 } }];

const BATCH: Batch = {
  id: 7,
  transformations: STEPS,
  format: "webp",
  total: 3,
  counts: { PENDING: 0, IN_PROGRESS: 0, SUCCESS: 2, FAILED: 1, CANCELLED: 0 },
  progress: 1,
  finished_at: "2026-11-30T10:00:00Z",
  created_at: "2026-11-30T09:59:00Z",
};

const TASK: Task = {
  id: 5,
  status: "SUCCESS",
  original_image: 1,
  result_image: 9,
  result_name: "photo-800x600.webp",
  transformations: STEPS,
  format: "WEBP",
  options: { quality: 85, lossless: false, metadata: null, background: null },
  progress: 1,
  warnings: [],
  attempts: 1,
  error_code: null,
  error_message: null,
  started_at: "2026-11-30T10:00:00Z",
  finished_at: "2026-11-30T10:00:01Z",
  created_at: "2026-11-30T10:00:00Z",
};

it("lists the batches, each with a link to its tasks", async () => {
  const server = fakeServer(() => json({ next: null, results: [BATCH] }));
  renderPage(<BatchesPage />);
  const link = await screen.findByRole("link", { name: "Batch 7: Resize 50 %" });
  expect(link).toHaveAttribute("href", expect.stringMatching(/^\/tasks\/?\?batch=7$/));
  expect(screen.getByText("2 done, 1 failed")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Download ZIP of batch 7" })).toBeInTheDocument();
  expect(server.requests).toHaveLength(1);
});

/** Let `ms` pass in small steps: React renders after each. */
async function wait(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    await act(() => vi.advanceTimersByTimeAsync(100));
  }
}

it("polls one page while a batch runs, however many pages are loaded", async () => {
  vi.useFakeTimers();
  let newest: Batch = { ...BATCH, id: 8, progress: 0.5, finished_at: null };
  const server = fakeServer(({ path }) =>
    path.includes("cursor=")
      ? json({ next: null, results: [BATCH] })
      : json({ next: "http://localhost/?cursor=older", results: [newest] }),
  );
  const older = () => server.requests.filter(({ path }) => path.includes("cursor="));
  renderPage(<BatchesPage />);
  await wait(100);
  fireEvent.click(screen.getByRole("button", { name: "Show older batches" }));
  await wait(100);
  expect(screen.getByRole("link", { name: /Batch 7/ })).toBeInTheDocument();
  const before = server.requests.length;
  await wait(4000);
  expect(server.requests.length).toBeGreaterThan(before);
  expect(older()).toHaveLength(1);
  newest = { ...newest, progress: 1, finished_at: BATCH.finished_at };
  await wait(2000);
  expect(screen.queryByRole("progressbar")).toBeNull();
  const after = server.requests.length;
  await wait(4000);
  expect(server.requests).toHaveLength(after);
});

it("says how to make a batch if there is none", async () => {
  fakeServer(() => json({ next: null, results: [] }));
  renderPage(<BatchesPage />);
  expect(await screen.findByText("No batches yet")).toBeInTheDocument();
});

it("names a result as its file is named", () => {
  fakeServer(() => json({}, 404));
  renderPage(<TaskRow task={TASK} />);
  expect(screen.getByRole("link", { name: "photo-800x600.webp" })).toHaveAttribute(
    "href",
    expect.stringMatching(/^\/result\/?\?task=5$/),
  );
  expect(screen.getByText("Resize 50 %")).toBeInTheDocument();
});
