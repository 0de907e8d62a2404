import { beforeEach, expect, it, vi } from "vitest";
import { dropPrivateState } from "@/lib/session/private-state";
import { DELAY, delay } from "@/lib/undo/delayed-work";

const work = () => ({ run: vi.fn(), undo: vi.fn() });

beforeEach(() => {
  vi.useFakeTimers();
});

it("is done after the delay, and can no longer be undone", () => {
  const one = work();
  const undo = delay(one);
  vi.advanceTimersByTime(DELAY - 1);
  expect(one.run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(one.run).toHaveBeenCalledExactlyOnceWith(false);
  undo();
  expect(one.undo).not.toHaveBeenCalled();
});

it("is not done when it was undone", () => {
  const one = work();
  const undo = delay(one);
  undo();
  undo();
  vi.advanceTimersByTime(2 * DELAY);
  expect(one.run).not.toHaveBeenCalled();
  expect(one.undo).toHaveBeenCalledOnce();
});

it("is done when the page is closed, and not again", () => {
  const [one, other] = [work(), work()];
  delay(one);
  delay(other)();
  dispatchEvent(new Event("pagehide"));
  expect(one.run).toHaveBeenCalledExactlyOnceWith(true);
  expect(other.run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2 * DELAY);
  expect(one.run).toHaveBeenCalledOnce();
});

it("is dropped with the private state", () => {
  const one = work();
  delay(one);
  dropPrivateState();
  vi.advanceTimersByTime(2 * DELAY);
  expect(one.run).not.toHaveBeenCalled();
});
