import { QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import type { PreviewBody } from "@/api/images/preview";
import { loadConfig } from "@/lib/config";
import { makeQueryClient } from "@/lib/query-client";
import { fakeServer, LOST, refusal } from "@/test/server";
import { usePreview } from "./use-preview";

const blur = (radius: number): PreviewBody => ({
  transformations: [{ operation: "blur", params: { radius } }],
});
const PICTURE = () =>
  new Response("bytes", {
    headers: {
      "Full-Width": "800",
      "Full-Height": "600",
      "Full-Format": "JPEG",
    },
  });

let made = 0;
const revoked: string[] = [];

beforeEach(async () => {
  made = 0;
  revoked.length = 0;
  vi.stubGlobal(
    "URL",
    Object.assign(class extends URL {}, {
      createObjectURL: () => `blob:${++made}`,
      revokeObjectURL: (url: string) => revoked.push(url),
    }),
  );
  fakeServer(PICTURE);
  await loadConfig();
  vi.useFakeTimers();
});

/** Let `ms` pass, then everything that follows at once: a render, a request, its answer. */
async function wait(ms: number): Promise<void> {
  for (const step of [ms, 1, 1, 1]) {
    await act(() => vi.advanceTimersByTimeAsync(step));
  }
}

function edit(first: PreviewBody | null) {
  const queries = makeQueryClient();
  const hook = renderHook(({ body }) => usePreview(7, body), {
    initialProps: { body: first },
    wrapper: ({ children }) => (
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    ),
  });
  return {
    ...hook,
    to: (body: PreviewBody | null) => hook.rerender({ body }),
    now: () => hook.result.current,
  };
}

it("waits a moment, asks for the newest pipeline, and shows the answer", async () => {
  const server = fakeServer(PICTURE);
  const editor = edit(blur(1));
  await wait(20);
  editor.to(blur(2));
  await wait(20);
  editor.to(blur(3));
  expect(server.requests).toHaveLength(0);
  expect(editor.now().busy).toBe(true);
  await wait(60);
  expect(server.requests.map(({ path, body }) => [path, body])).toEqual([
    ["/api/v1/images/7/preview/", blur(3)],
  ]);
  expect(editor.now()).toEqual({
    shown: {
      url: "blob:1",
      of: JSON.stringify(blur(3)),
      width: 800,
      height: 600,
      format: "JPEG",
      exact: true,
    },
    busy: false,
    error: null,
  });
});

it("shows previews while a slider moves, and has at most one request under way", async () => {
  const answers: (() => void)[] = [];
  const server = fakeServer(() => new Promise((resolve) => answers.push(() => resolve(PICTURE()))));
  const editor = edit(blur(1));
  // A hand that does not rest: each move comes before the pause after the last one is over.
  for (let radius = 2; radius <= 6; radius += 1) {
    editor.to(blur(radius));
    await wait(40);
  }
  expect(server.requests).toHaveLength(1);
  const first = server.requests[0]?.body;
  answers[0]?.();
  await wait(1);
  expect(editor.now()).toMatchObject({ shown: { of: JSON.stringify(first) }, busy: true });
  editor.to(blur(7));
  await wait(120);
  expect(server.requests.map(({ body }) => body)).toEqual([first, blur(7)]);
  answers[1]?.();
  await wait(1);
  expect(editor.now()).toMatchObject({ shown: { of: JSON.stringify(blur(7)) }, busy: false });
  await wait(1000);
  expect(server.requests).toHaveLength(2);
});

it("shows a preview that it has without asking again", async () => {
  const server = fakeServer(PICTURE);
  const editor = edit(blur(1));
  await wait(100);
  editor.to(blur(2));
  await wait(100);
  editor.to(blur(1));
  expect(editor.now()).toMatchObject({ shown: { url: "blob:1" }, busy: false });
  await wait(1000);
  expect(server.requests).toHaveLength(2);
  editor.to(blur(3));
  expect(editor.now()).toMatchObject({ shown: { url: "blob:1" }, busy: true });
});

it("keeps the last preview while the pipeline is invalid, and when the server refuses it", async () => {
  const server = fakeServer(({ body }) =>
    JSON.stringify(body) === JSON.stringify(blur(9)) ? refusal(422, "too_large") : PICTURE(),
  );
  const editor = edit(blur(1));
  await wait(100);
  editor.to(null);
  await wait(1000);
  expect(server.requests).toHaveLength(1);
  expect(editor.now()).toMatchObject({ shown: { url: "blob:1" }, busy: false, error: null });
  editor.to(blur(9));
  await wait(100);
  expect(editor.now()).toMatchObject({ shown: { url: "blob:1" }, busy: false });
  expect(editor.now().error).toMatchObject({ code: "too_large" });
  editor.to(blur(2));
  await wait(100);
  expect(editor.now()).toMatchObject({ shown: { url: "blob:2" }, error: null });
});

it("asks a busy server three times", async () => {
  const server = fakeServer(() => refusal(503, "busy"));
  const editor = edit(blur(1));
  await wait(100);
  expect(server.requests).toHaveLength(1);
  expect(editor.now()).toMatchObject({ busy: true, error: null });
  await wait(700);
  expect(server.requests).toHaveLength(2);
  await wait(1400);
  expect(server.requests).toHaveLength(3);
  expect(editor.now()).toMatchObject({ busy: false, error: { code: "busy" } });
});

it("waits for the time in Retry-After", async () => {
  let limited = true;
  const server = fakeServer(() => {
    const answer = limited ? refusal(429, "rate_limited") : PICTURE();
    answer.headers.set("Retry-After", "4");
    limited = false;
    return answer;
  });
  const editor = edit(blur(1));
  await wait(100);
  await wait(3900);
  expect(server.requests).toHaveLength(1);
  await wait(100);
  expect(server.requests).toHaveLength(2);
  expect(editor.now()).toMatchObject({ shown: { url: "blob:1" }, busy: false, error: null });
});

it("does not ask a busy server again for an earlier pipeline", async () => {
  const server = fakeServer(() => refusal(503, "busy"));
  const editor = edit(blur(1));
  await wait(100);
  editor.to(null);
  await wait(5000);
  expect(server.requests).toHaveLength(1);
});

it("asks a busy server for the newest pipeline instead of an earlier one again", async () => {
  const server = fakeServer(({ body }) =>
    JSON.stringify(body) === JSON.stringify(blur(2)) ? PICTURE() : refusal(503, "busy"),
  );
  const editor = edit(blur(1));
  await wait(100);
  editor.to(blur(2));
  await wait(100);
  expect(server.requests.map(({ body }) => body)).toEqual([blur(1), blur(2)]);
  expect(editor.now()).toMatchObject({ shown: { of: JSON.stringify(blur(2)) }, busy: false });
});

it("reports that the server cannot be reached, and asks again when it answers", async () => {
  let away = true;
  const server = fakeServer(() => (away ? LOST() : PICTURE()));
  const editor = edit(blur(1));
  await wait(100);
  expect(editor.now()).toMatchObject({ busy: false, error: { name: "NetworkProblem" } });
  const previews = () => server.requests.filter(({ path }) => path.endsWith("/preview/"));
  await wait(10_000);
  expect(previews()).toHaveLength(1);
  away = false;
  await wait(10_000);
  expect(previews()).toHaveLength(2);
  expect(editor.now()).toMatchObject({ shown: { of: JSON.stringify(blur(1)) }, error: null });
});

it("keeps an error until the changed pipeline has an answer", async () => {
  const answers = [refusal(422, "too_large"), PICTURE()];
  fakeServer(() => answers.shift() ?? LOST());
  const editor = edit(blur(9));
  await wait(100);
  editor.to(blur(2));
  expect(editor.now()).toMatchObject({ busy: true, error: { code: "too_large" } });
  await wait(100);
  expect(editor.now()).toMatchObject({ busy: false, error: null });
});

it("releases the oldest pictures, and all of them some time after it was left", async () => {
  fakeServer(PICTURE);
  const editor = edit(blur(1));
  await wait(100);
  for (let radius = 2; radius <= 27; radius += 1) {
    editor.to(blur(radius));
    await wait(100);
  }
  expect(revoked).toEqual(["blob:1"]);
  expect(editor.now().shown?.url).toBe("blob:27");
  editor.unmount();
  await wait(10 * 60_000);
  expect(revoked).toHaveLength(27);
});

it("does not release the picture that it shows", async () => {
  fakeServer(({ body }) =>
    JSON.stringify(body) === JSON.stringify(blur(9)) ? refusal(422, "too_large") : PICTURE(),
  );
  const editor = edit(blur(1));
  await wait(100);
  editor.to(blur(9));
  await wait(30 * 60_000);
  expect(editor.now().shown?.url).toBe("blob:1");
  expect(revoked).toEqual([]);
});
