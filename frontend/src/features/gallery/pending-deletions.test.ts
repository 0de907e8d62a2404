import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it, vi } from "vitest";
import { useHiddenImages } from "@/api/images/hidden-images";
import type { ImagePage } from "@/api/images/list-cache";
import { imageKeys } from "@/api/images/queries";
import { useToasts } from "@/lib/toast";
import { DELAY } from "@/lib/undo/delayed-work";
import { anImage } from "@/test/images";
import { fakeServer, NO_CONTENT, refusal } from "@/test/server";
import { deleteWithUndo, resumeDeletions } from "./pending-deletions";

const LIST = imageKeys.list({});
let queries: QueryClient;

beforeEach(() => {
  vi.useFakeTimers();
  queries = new QueryClient();
  const page: ImagePage = {
    next: null,
    results: [1, 2, 3].map((id) => anImage(id)),
  };
  queries.setQueryData(LIST, { pages: [page], pageParams: [undefined] });
});

const cached = () =>
  queries
    .getQueryData<{ pages: ImagePage[] }>(LIST)
    ?.pages.flatMap(({ results }) => results.map(({ id }) => id));
const hidden = () => [...useHiddenImages.getState().hidden];
const deletions = (server: ReturnType<typeof fakeServer>) =>
  server.requests.filter(({ method }) => method === "DELETE");
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

it("hides images at once, and deletes them after the delay", async () => {
  const server = fakeServer(NO_CONTENT);
  deleteWithUndo([1, 3], queries);
  expect(hidden()).toEqual([1, 3]);
  await after(DELAY - 1);
  expect(deletions(server)).toHaveLength(0);
  await after(1);
  expect(deletions(server).map(({ path }) => path)).toEqual([
    "/api/v1/images/1/",
    "/api/v1/images/3/",
  ]);
  expect(cached()).toEqual([2]);
  expect(hidden()).toEqual([]);
});

it("shows images again after undo, without a request", async () => {
  const server = fakeServer(NO_CONTENT);
  deleteWithUndo([2], queries);
  useToasts.getState().toasts.at(-1)?.action?.run();
  await after(4 * DELAY);
  expect(deletions(server)).toHaveLength(0);
  expect(hidden()).toEqual([]);
  expect(cached()).toEqual([1, 2, 3]);
  resumeDeletions(queries);
  await after(4 * DELAY);
  expect(deletions(server)).toHaveLength(0);
});

it("shows images that could not be deleted, and says why", async () => {
  fakeServer(({ path }) => (path.includes("/2/") ? refusal(409, "in_use") : NO_CONTENT()));
  deleteWithUndo([1, 2], queries);
  await after(DELAY);
  expect(cached()).toEqual([2, 3]);
  expect(hidden()).toEqual([]);
  expect(useToasts.getState().toasts.at(-1)).toMatchObject({
    title: "1 image could not be deleted",
    description: "It is in_use.",
  });
});

it("counts missing images as deleted", async () => {
  fakeServer(() => refusal(404, "not_found"));
  deleteWithUndo([1], queries);
  await after(DELAY);
  expect(cached()).toEqual([2, 3]);
});

it("sends as many requests as may outlive a closed page", async () => {
  const server = fakeServer(NO_CONTENT);
  const ids = Array.from({ length: 30 }, (_, index) => index + 1);
  deleteWithUndo(ids, queries);
  dispatchEvent(new Event("pagehide"));
  await after(0);
  expect(deletions(server)).toHaveLength(20);
  expect(deletions(server).every(({ keepalive }) => keepalive)).toBe(true);
});

it("deletes on the next visit what a closed page could not", async () => {
  const server = fakeServer(NO_CONTENT);
  deleteWithUndo([1, 2], queries);
  dispatchEvent(new Event("pagehide"));
  useHiddenImages.setState({ hidden: new Set() }); // another page, with the same storage
  await after(0);
  resumeDeletions(queries);
  await after(DELAY);
  expect(deletions(server)).toHaveLength(2); // a tab that is still open may undo it
  await after(2 * DELAY);
  expect(deletions(server)).toHaveLength(4);
  expect(cached()).toEqual([3]);
});
