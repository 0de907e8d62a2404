import { beforeEach, expect, it, vi } from "vitest";
import { hideImages } from "@/api/images/hidden-images";
import { dropPrivateState } from "@/lib/session/private-state";
import { startSession, useSessionStore } from "@/lib/session/store";
import { anImage } from "@/test/images";
import { fakeServer, json, refusal } from "@/test/server";
import { type FakeXhr, fakeXhr } from "@/test/xhr";
import {
  addUploads,
  cancelUpload,
  clearFinishedUploads,
  onUploaded,
  PARALLEL,
  retryFailedUploads,
  useUploadQueue,
} from "./queue";

let xhr: typeof FakeXhr;

beforeEach(() => {
  vi.useFakeTimers();
  xhr = fakeXhr();
  fakeServer(({ path }) =>
    path.endsWith("/token/refresh/") ? json({}) : refusal(500, "unexpected"),
  );
  startSession();
});

const files = (count: number) =>
  Array.from(
    { length: count },
    (_, index) => new File(["pixels"], `${index}.jpg`, { type: "image/jpeg" }),
  );
const states = () => useUploadQueue.getState().uploads.map(({ state }) => state);
const first = () => useUploadQueue.getState().uploads[0];
const uploaded = (id: number, duplicateOf: number | null = null) => ({
  ...anImage(id),
  duplicate_of: duplicateOf,
});
const problem = (code: string, extra: object = {}) => ({
  title: code,
  detail: `It is ${code}.`,
  code,
  ...extra,
});
/** What promises do next, and timers within `ms`. */
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

async function add(some: File[]): Promise<void> {
  await addUploads(some);
  await settle();
}

it("sends a few files at a time", async () => {
  await add(files(PARALLEL + 2));
  expect(xhr.all).toHaveLength(PARALLEL);
  xhr.all[0]?.answer(201, uploaded(1));
  await settle();
  expect(xhr.all).toHaveLength(PARALLEL + 1);
  expect(states()[0]).toBe("done");
});

it("reports the progress of each upload, and the new images", async () => {
  const arrived = vi.fn();
  const stop = onUploaded(arrived);
  await add(files(1));
  xhr.all[0]?.progress(0.5);
  expect(first()).toMatchObject({ state: "sending", progress: 0.5 });
  xhr.all[0]?.progress(1);
  expect(first()?.state).toBe("processing");
  xhr.all[0]?.answer(201, uploaded(7));
  await settle();
  expect(first()?.image).toMatchObject({ id: 7 });
  expect(arrived).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id: 7 }));
  stop();
});

it("deletes an upload with the bytes of another image, and links to that image", async () => {
  const server = fakeServer(() => new Response(null, { status: 204 }));
  const arrived = vi.fn();
  const stop = onUploaded(arrived);
  await add(files(1));
  xhr.all[0]?.answer(201, uploaded(7, 3));
  await settle();
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "DELETE /api/v1/images/7/",
  ]);
  expect(first()).toMatchObject({ state: "done", image: { duplicate_of: 3 } });
  expect(arrived).not.toHaveBeenCalled();
  stop();
});

it("keeps the upload when the other image is being deleted, or the deletion fails", async () => {
  hideImages([3]);
  const arrived = vi.fn();
  const stop = onUploaded(arrived);
  await add(files(2));
  xhr.all[0]?.answer(201, uploaded(7, 3));
  xhr.all[1]?.answer(201, uploaded(8, 4)); // and deleting it fails
  await settle();
  expect(arrived.mock.calls.map(([image]) => image.id)).toEqual([7, 8]);
  stop();
});

it("refuses files that the server would refuse, and names the limit", async () => {
  const large = new File(["x"], "large.jpg", { type: "image/jpeg" });
  Object.defineProperty(large, "size", { value: 60 * 1024 * 1024 });
  await add([new File(["x"], "a.pdf", { type: "application/pdf" }), new File([], "b.jpg"), large]);
  expect(xhr.all).toHaveLength(0);
  expect(useUploadQueue.getState().uploads.map(({ error }) => error)).toEqual([
    expect.stringContaining("application/pdf"),
    "This file is empty.",
    "The file is 60 MB; the limit is 50 MB.",
  ]);
});

it("aborts the request of a cancelled upload, and sends the next file", async () => {
  await add(files(PARALLEL + 1));
  cancelUpload(first()?.id ?? "");
  await settle();
  expect(xhr.all[0]?.aborted).toBe(true);
  expect(states()).toEqual(["cancelled", "sending", "sending", "sending"]);
});

it("sends a file again with the same key when the connection broke, then gives up", async () => {
  await add(files(1));
  for (let tried = 0; tried < 3; tried += 1) {
    xhr.all.at(-1)?.lose();
    await settle(10_000);
  }
  expect(xhr.all).toHaveLength(3);
  expect(new Set(xhr.all.map(({ headers }) => headers.get("Idempotency-Key"))).size).toBe(1);
  expect(first()).toMatchObject({ state: "failed", retryable: true });
});

it("waits while the browser is offline, and then continues", async () => {
  await add(files(1));
  const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  xhr.all[0]?.lose();
  await settle(60_000);
  expect(states()).toEqual(["waiting"]);
  expect(xhr.all).toHaveLength(1);
  online.mockReturnValue(true);
  dispatchEvent(new Event("online"));
  await settle();
  expect(xhr.all).toHaveLength(2);
});

it("waits for the time in Retry-After", async () => {
  await add(files(1));
  xhr.all[0]?.answer(429, problem("throttled"), { "Retry-After": "30" });
  await settle(29_000);
  expect(xhr.all).toHaveLength(1);
  await settle(1000);
  expect(xhr.all).toHaveLength(2);
});

it("refreshes an expired session once for all active uploads", async () => {
  const server = fakeServer(() => json({}));
  await add(files(2));
  xhr.all[0]?.answer(401, problem("token_expired"));
  xhr.all[1]?.answer(401, problem("token_expired"));
  await settle();
  expect(server.to("/api/v1/token/refresh/")).toHaveLength(1);
  expect(xhr.all).toHaveLength(4);
  expect(states()).toEqual(["sending", "sending"]);
});

it("keeps its files when the session ends, until the user signs in again", async () => {
  await add(files(2));
  for (const one of [...xhr.all]) {
    one.answer(401, problem("session_revoked"));
  }
  await settle(60_000);
  expect(useSessionStore.getState().ended).toBe("expired");
  expect(states()).toEqual(["waiting", "waiting"]);
  expect(xhr.all).toHaveLength(2);
  startSession();
  await settle();
  expect(xhr.all).toHaveLength(4);
});

it("keeps the files of a visitor until the sign-up", async () => {
  localStorage.clear();
  await add(files(1));
  expect(xhr.all).toHaveLength(0);
  startSession();
  await settle();
  expect(xhr.all).toHaveLength(1);
});

it("retries the failed uploads that may succeed", async () => {
  await add(files(3));
  xhr.all[0]?.answer(500, problem("internal_error"));
  xhr.all[1]?.answer(507, problem("storage_full"));
  xhr.all[2]?.answer(415, problem("unsupported_format"));
  await settle();
  expect(states()).toEqual(["failed", "failed", "failed"]);
  retryFailedUploads();
  await settle();
  expect(states()).toEqual(["sending", "sending", "failed"]);
  expect(useUploadQueue.getState().uploads[2]?.error).toBe("It is unsupported_format.");
});

it("removes ended uploads on request, and every upload at sign-out", async () => {
  await add(files(2));
  xhr.all[0]?.answer(201, uploaded(1));
  await settle();
  clearFinishedUploads();
  expect(states()).toEqual(["sending"]);
  dropPrivateState();
  expect(states()).toEqual([]);
  expect(xhr.all[1]?.aborted).toBe(true);
});
