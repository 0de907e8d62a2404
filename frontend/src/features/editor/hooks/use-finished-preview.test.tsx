import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import type { PreviewBody } from "@/api/images/preview";
import { fakeServer } from "@/test/server";
import { AS_IT_IS } from "../model/pipeline";
import { useFinishedPreview } from "./use-finished-preview";

beforeEach(() => {
  let count = 0;
  vi.stubGlobal(
    "URL",
    Object.assign(URL, {
      createObjectURL: () => `blob:${++count}`,
      revokeObjectURL: () => undefined,
    }),
  );
});

/** Answers quick previews at once, and encoded ones and sizes when `finish` is called. */
function answerPreviews(format: string, bytes: number | null) {
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  fakeServer(async (request) => {
    if (request.path.endsWith("/file-size/")) {
      await finished;
      return Response.json({ bytes });
    }
    const { encoded } = request.body as PreviewBody;
    const headers = new Headers({
      "Full-Width": "800",
      "Full-Height": "600",
      "Full-Format": format,
    });
    if (encoded) {
      await finished;
    }
    return new Response("picture", { headers });
  });
  return () => finish();
}

function show() {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return renderHook(() => useFinishedPreview(1, AS_IT_IS), {
    wrapper: ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    ),
  });
}

it.each([
  ["JPEG", "blob:2"],
  ["TIFF", "blob:1"], // browsers show no TIFF, so the quick preview stays
])("says that it estimates until the size of the %s is there", async (format, url) => {
  const finish = answerPreviews(format, 12_345);
  const { result } = show();
  await waitFor(() => expect(result.current.shown?.url).toBe("blob:1"));
  expect(result.current).toMatchObject({ estimating: true, fileBytes: null });
  finish();
  await waitFor(() =>
    expect(result.current).toMatchObject({ estimating: false, fileBytes: 12_345 }),
  );
  await waitFor(() => expect(result.current.shown?.url).toBe(url));
});

it("shows no size where the server does not estimate", async () => {
  answerPreviews("JPEG", null)();
  const { result } = show();
  await waitFor(() => expect(result.current.shown?.url).toBe("blob:2"));
  expect(result.current).toMatchObject({ estimating: false, fileBytes: null });
});
