import { act, fireEvent, screen, waitForElementToBeRemoved } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { renderPage } from "@/test/render-page";
import { fakeServer, json } from "@/test/server";
import { TasksPage } from "./tasks-page";

vi.mock("next/navigation", () => ({ useRouter: () => ({ replace: () => undefined }) }));

const FAILED = {
  id: 5,
  status: "FAILED",
  original_image: 7,
  result_image: null,
  result_name: null,
  transformations: [],
  format: "JPEG",
  options: { quality: null, lossless: false, metadata: null, background: null },
  progress: 0,
  warnings: [],
  attempts: 3,
  error_code: "too_large",
  error_message: "Too large.",
  started_at: null,
  finished_at: null,
  created_at: "2026-03-01T12:00:00Z",
};

/** Let `ms` pass in small steps: React renders after each. */
async function wait(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await act(() => vi.advanceTimersByTimeAsync(500));
  }
}

function show(failed: object[]) {
  const server = fakeServer(({ path }) =>
    json({ next: null, results: path.includes("status=FAILED") ? failed : [] }),
  );
  renderPage(<TasksPage status={null} batch={null} />);
  return server;
}

it("offers to retry the failed tasks if there are any", async () => {
  show([FAILED]);
  expect(await screen.findByRole("button", { name: "Retry all failed" })).toBeInTheDocument();
});

it("offers no retry when nothing has failed", async () => {
  const server = show([]);
  await screen.findByText("No tasks yet");
  expect(server.to("/api/v1/tasks/?status=FAILED&page_size=1")).toHaveLength(1);
  expect(screen.queryByRole("button", { name: "Retry all failed" })).toBeNull();
});

it("leaves the focus on the heading when the last failed task is retried", async () => {
  let failed = true;
  fakeServer(({ path }) => {
    if (path.includes("retry-failed")) {
      failed = false;
      return json({ retried: 1, more: false });
    }
    return json({ next: null, results: failed && path.includes("status=FAILED") ? [FAILED] : [] });
  });
  renderPage(<TasksPage status={null} batch={null} />);
  const button = await screen.findByRole("button", { name: "Retry all failed" });
  button.focus();
  fireEvent.click(button);
  await waitForElementToBeRemoved(button);
  expect(screen.getByRole("heading", { name: "Tasks" })).toHaveFocus();
});

it("offers to retry the failed tasks of a batch once", async () => {
  const batch = {
    id: 7,
    transformations: [],
    format: null,
    total: 1,
    counts: { PENDING: 0, IN_PROGRESS: 0, SUCCESS: 0, FAILED: 1, CANCELLED: 0 },
    progress: 1,
    created_at: FAILED.created_at,
    finished_at: FAILED.created_at,
  };
  fakeServer(({ path }) =>
    json(path.includes("/batches/7/") ? batch : { next: null, results: [FAILED] }),
  );
  renderPage(<TasksPage status={null} batch="7" />);
  await screen.findByText("Too large.");
  expect(await screen.findAllByRole("button", { name: /^Retry .*failed$/ })).toHaveLength(1);
});

it("asks for failures again when a shown task has ended, and not all the time", async () => {
  vi.useFakeTimers();
  let task: { status: string } = { ...FAILED, status: "IN_PROGRESS" };
  const server = fakeServer(({ path }) =>
    json({
      next: null,
      results: path.includes("status=FAILED") && task.status !== "FAILED" ? [] : [task],
    }),
  );
  const asked = () => server.to("/api/v1/tasks/?status=FAILED").length;
  renderPage(<TasksPage status={null} batch={null} />);
  await wait(3000);
  const before = asked();
  await wait(5000);
  expect(asked()).toBe(before);
  task = FAILED;
  await wait(2000);
  expect(screen.getByRole("button", { name: "Retry all failed" })).toBeInTheDocument();
  expect(asked()).toBe(before + 1);
});
