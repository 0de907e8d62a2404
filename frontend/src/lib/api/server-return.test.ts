import { beforeEach, expect, it, vi } from "vitest";
import { loadConfig } from "@/lib/config";
import { fakeServer, json } from "@/test/server";
import { onServerReturn } from "./server-return";

beforeEach(async () => {
  fakeServer(() => json([]));
  await loadConfig();
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0);
});

/** Wait until `resume` is called again. @returns how many seconds that took */
async function secondsUntilCalled(resume: () => number): Promise<number> {
  const before = resume();
  for (let seconds = 1; seconds <= 100; seconds += 1) {
    await vi.advanceTimersByTimeAsync(1000);
    if (resume() > before) {
      return seconds;
    }
  }
  throw new Error("It was not called again");
}

it("waits longer each time when the server answers but the request fails again", async () => {
  let working = false;
  const resume = vi.fn(async () => {
    if (!working) {
      onServerReturn(resume);
    }
  });
  onServerReturn(resume);
  const pauses: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    working = round === 6;
    pauses.push(await secondsUntilCalled(() => resume.mock.calls.length));
  }
  expect(pauses).toEqual([3, 6, 12, 24, 48, 60, 60]);
  onServerReturn(resume);
  expect(await secondsUntilCalled(() => resume.mock.calls.length)).toBe(3);
});

it("does not have all pages ask at the same time", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.9);
  const resume = vi.fn(async () => undefined);
  onServerReturn(resume);
  expect(await secondsUntilCalled(() => resume.mock.calls.length)).toBe(4);
});

it("asks again when a request gets no answer", async () => {
  vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
    const controller = new AbortController(); // the browser's own timer is not faked
    setTimeout(() => controller.abort(), ms);
    return controller.signal;
  });
  const fetch = vi.fn(
    (_: string, { signal }: RequestInit) =>
      new Promise<Response>((_, reject) => signal?.addEventListener("abort", reject)),
  );
  vi.stubGlobal("fetch", fetch);
  const resume = vi.fn(async () => undefined);
  onServerReturn(resume);
  await vi.advanceTimersByTimeAsync(4000);
  fetch.mockImplementation(async () => json([]));
  await secondsUntilCalled(() => resume.mock.calls.length);
  expect(fetch).toHaveBeenCalledTimes(2);
});
