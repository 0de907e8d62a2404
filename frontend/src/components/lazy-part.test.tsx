import { act, render, screen } from "@testing-library/react";
import { lazy, Suspense } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import { fakeServer, json, LOST } from "@/test/server";
import { loadPart } from "./lazy-part";
import { MissingPartsNotice } from "./missing-parts";

const Part = ({ name }: { name: string }) => <p>Part {name}</p>;

const CHUNK = "/_next/static/chunks/part.js";

beforeEach(() => {
  vi.useFakeTimers();
});

async function wait(ms: number): Promise<void> {
  for (const step of [ms, 1, 1, 1]) {
    await act(() => vi.advanceTimersByTimeAsync(step));
  }
}

async function show(load: () => Promise<typeof Part>) {
  const Lazy = lazy(() => loadPart(load));
  const Other = lazy(() => loadPart(load));
  await act(async () =>
    render(
      <main>
        The page
        <MissingPartsNotice />
        <Suspense>
          <Lazy name="crop" />
        </Suspense>
        <Suspense>
          <Other name="compare" />
        </Suspense>
      </main>,
    ),
  );
  await wait(0);
}

it("keeps the page when parts fail to load, says so once, and shows them when the server is back", async () => {
  let away = true;
  fakeServer(() => (away ? LOST() : json([])));
  const load = vi.fn(async () => {
    if (away) {
      throw new Error("Failed to load chunk");
    }
    return Part;
  });
  await show(load);
  expect(screen.getByText("The page")).toBeInTheDocument();
  expect(screen.getByRole("alert")).toHaveTextContent("Trying again");
  await wait(10_000);
  expect(load).toHaveBeenCalledTimes(2);
  away = false;
  await wait(4000);
  expect(screen.getByText("Part crop")).toBeInTheDocument();
  expect(screen.getByText("Part compare")).toBeInTheDocument();
  expect(screen.queryByRole("alert")).toBeNull();
});

/** What the bundler throws. */
function notLoaded(): Error {
  const error = new Error(`Failed to load chunk ${CHUNK} from module 7`);
  error.name = "ChunkLoadError";
  return error;
}

it("says that the page has a new version when the server no longer has the part", async () => {
  const server = fakeServer(({ path }) => (path === CHUNK ? json({}, 404) : json([])));
  await show(async () => {
    throw notLoaded();
  });
  await wait(4000);
  expect(screen.getByRole("alert")).toHaveTextContent("new version");
  expect(screen.getByRole("button", { name: "Reload" })).toBeInTheDocument();
  expect(server.to(CHUNK)).toMatchObject([{ method: "HEAD" }, { method: "HEAD" }]);
});

it("tries again when the server answers, but the part fails once more", async () => {
  let working = false;
  fakeServer(() => json([]));
  await show(async () => {
    if (!working) {
      throw notLoaded();
    }
    return Part;
  });
  await wait(4000);
  expect(screen.getByRole("alert")).toHaveTextContent("Trying again");
  working = true;
  await wait(10_000);
  expect(screen.getByText("Part crop")).toBeInTheDocument();
  expect(screen.getByText("Part compare")).toBeInTheDocument();
  expect(screen.queryByRole("alert")).toBeNull();
});
