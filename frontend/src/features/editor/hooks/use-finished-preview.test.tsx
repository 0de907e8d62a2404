import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import type { PreviewBody } from "@/api/images/preview";
import type { PipelineBody } from "@/api/tasks/pipeline-body";
import { loadConfig } from "@/lib/config";
import { fakeServer } from "@/test/server";
import { AS_IT_IS } from "../model/pipeline";
import { useFinishedPreview } from "./use-finished-preview";

beforeEach(async () => {
  let count = 0;
  vi.stubGlobal(
    "URL",
    Object.assign(URL, {
      createObjectURL: () => `blob:${++count}`,
      revokeObjectURL: () => undefined,
    }),
  );
  fakeServer(() => Response.json({}));
  await loadConfig();
  vi.useFakeTimers();
});

/** Answers quick previews at once, and encoded ones and sizes when `finish` is called. */
function answerPreviews(format: string, bytes: number | null) {
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const server = fakeServer(async (request) => {
    if (request.path.endsWith("/file-size/")) {
      await finished;
      return Response.json({ bytes });
    }
    const headers = new Headers({
      "Full-Width": "800",
      "Full-Height": "600",
      "Full-Format": format,
    });
    if ((request.body as PreviewBody).encoded) {
      await finished;
    }
    return new Response("picture", { headers });
  });
  return { ...server, finish: () => finish() };
}

/** Let `ms` pass in small steps: React renders after each. */
async function wait(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP) {
    await act(() => vi.advanceTimersByTimeAsync(STEP));
  }
}

const STEP = 20;
const SIZES = "/api/v1/images/1/file-size/";

function show() {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return renderHook(({ body }) => useFinishedPreview(1, body), {
    initialProps: { body: AS_IT_IS as PipelineBody },
    wrapper: ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    ),
  });
}

it.each([
  ["JPEG", "blob:2"],
  ["TIFF", "blob:1"], // browsers show no TIFF, so the quick preview stays
])("says that it estimates until the size of the %s is there", async (format, url) => {
  const server = answerPreviews(format, 12_345);
  const { result } = show();
  await wait(1000);
  expect(result.current).toMatchObject({ estimating: true, fileBytes: null });
  expect(result.current.shown?.url).toBe("blob:1");
  server.finish();
  await wait(100);
  expect(result.current).toMatchObject({ estimating: false, fileBytes: 12_345 });
  expect(result.current.shown?.url).toBe(url);
});

it("asks for no encoded preview that browsers cannot show", async () => {
  const server = answerPreviews("TIFF", null);
  show();
  await wait(1000);
  expect(server.to("/api/v1/images/1/preview/")).toHaveLength(1);
});

it("estimates once the pipeline rests", async () => {
  const server = answerPreviews("JPEG", 12_345);
  const { rerender, result } = show();
  server.finish();
  for (const amount of [1, 2, 3]) {
    await wait(400);
    rerender({ body: { transformations: [{ operation: "brightness", params: { amount } }] } });
  }
  await wait(400);
  expect(server.to("/api/v1/images/1/preview/").length).toBeGreaterThan(3);
  expect(server.to(SIZES)).toHaveLength(0);
  expect(result.current).toMatchObject({ estimating: true, fileBytes: null });
  await wait(1000);
  expect(server.to(SIZES)).toHaveLength(1);
  expect(result.current).toMatchObject({ estimating: false, fileBytes: 12_345 });
});

it("shows no size where the server does not estimate", async () => {
  answerPreviews("JPEG", null).finish();
  const { result } = show();
  await wait(1000);
  expect(result.current.shown?.url).toBe("blob:2");
  expect(result.current).toMatchObject({ estimating: false, fileBytes: null });
});
