import { beforeEach, expect, it, vi } from "vitest";
import { dropPrivateState } from "@/lib/session/private-state";
import { DELAY, delay } from "@/lib/undo/delayed-work";

const work = () => ({ run: vi.fn(), undo: vi.fn() });

beforeEach(() => {
  vi.useFakeTimers();
});

it("is done once the delay is over, and cannot be undone any more", () => {
  const one = work();
  const undo = delay(one);
  vi.advanceTimersByTime(DELAY - 1);
  expect(one.run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(one.run).toHaveBeenCalledExactlyOnceWith(false);
  undo();
  expect(one.undo).not.toHaveBeenCalled();
});

it("is not done when it was undone, once", () => {
  const one = work();
  const undo = delay(one);
  undo();
  undo();
  vi.advanceTimersByTime(2 * DELAY);
  expect(one.run).not.toHaveBeenCalled();
  expect(one.undo).toHaveBeenCalledOnce();
});

it("is done at once when the page is closed, and only then", () => {
  const [one, other] = [work(), work()];
  delay(one);
  delay(other)();
  dispatchEvent(new Event("pagehide"));
  expect(one.run).toHaveBeenCalledExactlyOnceWith(true);
  expect(other.run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2 * DELAY);
  expect(one.run).toHaveBeenCalledOnce();
});

it("is dropped with what belongs to the person", () => {
  const one = work();
  delay(one);
  dropPrivateState();
  vi.advanceTimersByTime(2 * DELAY);
  expect(one.run).not.toHaveBeenCalled();
});
