import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { loadConfig } from "@/lib/config";
import { fakeServer, LOST, refusal } from "@/test/server";
import type { PipelineBody } from "../model/pipeline";
import { usePreview } from "./use-preview";

const blur = (radius: number): PipelineBody => ({
  transformations: [{ operation: "blur", params: { radius } }],
});
const PICTURE = () =>
  new Response("bytes", {
    headers: {
      "Full-Width": "800",
      "Full-Height": "600",
      "Full-Format": "JPEG",
      "Full-Bytes": "12345",
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

const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

function edit(first: PipelineBody | null) {
  const hook = renderHook(({ body }) => usePreview(7, body), { initialProps: { body: first } });
  return {
    ...hook,
    to: (body: PipelineBody | null) => hook.rerender({ body }),
    now: () => hook.result.current,
  };
}

it("asks once when changes have settled, and shows the answer", async () => {
  const server = fakeServer(PICTURE);
  const editor = edit(blur(1));
  for (const radius of [2, 3, 4]) {
    await wait(50);
    editor.to(blur(radius));
  }
  expect(server.asked).toHaveLength(0);
  expect(editor.now().busy).toBe(true);
  await wait(100);
  expect(server.asked.map(({ path, body }) => [path, body])).toEqual([
    ["/api/v1/images/7/preview/", blur(4)],
  ]);
  expect(editor.now()).toEqual({
    shown: {
      url: "blob:1",
      of: JSON.stringify(blur(4)),
      width: 800,
      height: 600,
      format: "JPEG",
      exact: true,
      estimatedBytes: 12_345,
    },
    busy: false,
    error: null,
  });
});

it("never shows an answer to what has been changed since", async () => {
  const answers: ((response: Response) => void)[] = [];
  const server = fakeServer(() => new Promise((resolve) => answers.push(resolve)));
  const editor = edit(blur(1));
  await wait(100);
  editor.to(blur(2));
  await wait(100);
  expect(server.asked).toHaveLength(2);
  answers[1]?.(PICTURE());
  await wait(0);
  answers[0]?.(PICTURE());
  await wait(0);
  expect(editor.now().shown?.of).toBe(JSON.stringify(blur(2)));
  expect(made).toBe(1);
});

it("takes a preview that it has had before without asking", async () => {
  const server = fakeServer(PICTURE);
  const editor = edit(blur(1));
  await wait(100);
  editor.to(blur(2));
  await wait(100);
  editor.to(blur(1));
  expect(editor.now()).toMatchObject({ shown: { url: "blob:1" }, busy: false });
  await wait(1000);
  expect(server.asked).toHaveLength(2);
});

it("keeps the last one while there is nothing to ask, and when the server refuses", async () => {
  const server = fakeServer(({ body }) =>
    JSON.stringify(body) === JSON.stringify(blur(9)) ? refusal(422, "too_large") : PICTURE(),
  );
  const editor = edit(blur(1));
  await wait(100);
  editor.to(null);
  await wait(1000);
  expect(server.asked).toHaveLength(1);
  expect(editor.now()).toMatchObject({ shown: { url: "blob:1" }, busy: false, error: null });
  editor.to(blur(9));
  await wait(100);
  expect(editor.now()).toMatchObject({ shown: { url: "blob:1" }, busy: false });
  expect(editor.now().error).toMatchObject({ code: "too_large" });
  editor.to(blur(2));
  await wait(100);
  expect(editor.now()).toMatchObject({ shown: { url: "blob:2" }, error: null });
});

it("asks a busy server again, and gives up in the end", async () => {
  const server = fakeServer(() => refusal(503, "busy"));
  const editor = edit(blur(1));
  await wait(100);
  expect(server.asked).toHaveLength(1);
  expect(editor.now()).toMatchObject({ busy: true, error: null });
  await wait(700);
  expect(server.asked).toHaveLength(2);
  await wait(1400);
  expect(server.asked).toHaveLength(3);
  expect(editor.now()).toMatchObject({ busy: false, error: { code: "busy" } });
});

it("asks again when the server said that it would take more", async () => {
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
  expect(server.asked).toHaveLength(1);
  await wait(100);
  expect(server.asked).toHaveLength(2);
  expect(editor.now()).toMatchObject({ shown: { url: "blob:1" }, busy: false, error: null });
});

it("does not ask a busy server again for what has been changed since", async () => {
  const server = fakeServer(() => refusal(503, "busy"));
  const editor = edit(blur(1));
  await wait(100);
  editor.to(null);
  await wait(5000);
  expect(server.asked).toHaveLength(1);
});

it("says when the server cannot be reached", async () => {
  fakeServer(LOST);
  const editor = edit(blur(1));
  await wait(100);
  expect(editor.now()).toMatchObject({ busy: false, error: { name: "NetworkProblem" } });
});

it("lets the pictures go that it no longer needs", async () => {
  fakeServer(PICTURE);
  const editor = edit(blur(1));
  await wait(100);
  for (let radius = 2; radius <= 25; radius += 1) {
    editor.to(blur(radius));
    await wait(100);
  }
  expect(revoked).toEqual(["blob:1"]);
  expect(editor.now().shown?.url).toBe("blob:25");
  editor.unmount();
  expect(revoked).toHaveLength(25);
});
