import { expect, it } from "vitest";
import { begin, change, type History, redo, undo } from "./history";

/** Changes to these values, one after the other, each about something else. */
function after(...values: number[]): History<number> {
  return values.reduce((history, value) => change(history, value, "", 0), begin(0));
}

it("goes back and forth one change at a time", () => {
  const two = after(1, 2);
  expect(undo(two).present).toBe(1);
  expect(undo(undo(two)).present).toBe(0);
  expect(redo(undo(two)).present).toBe(2);
  expect(redo(redo(undo(undo(two)))).present).toBe(2);
});

it("does nothing when there is nothing to undo or redo", () => {
  expect(undo(begin(5)).present).toBe(5);
  expect(redo(after(1)).present).toBe(1);
});

it("forgets undone changes after a new change", () => {
  const other = change(undo(after(1, 2)), 9, "", 0);
  expect(redo(other).present).toBe(9);
  expect(undo(other).present).toBe(1);
});

it("undoes a drag as a whole", () => {
  let history = begin(0);
  for (let at = 0; at < 5000; at += 500) {
    history = change(history, at, "step/radius", at);
  }
  expect(undo(history).present).toBe(0);
});

it("does not merge changes of different topics, without a topic, or far apart", () => {
  const first = change(begin(0), 1, "a", 0);
  expect(undo(change(first, 2, "b", 100)).present).toBe(1);
  expect(undo(change(first, 2, "a", 900)).present).toBe(1);
  expect(undo(change(change(begin(0), 1, "", 0), 2, "", 0)).present).toBe(1);
});

it("does not merge a change after an undo with the one before", () => {
  const dragged = change(after(1), 2, "a", 0);
  const again = change(undo(dragged), 3, "a", 10);
  expect(undo(again).present).toBe(1);
});

it("remembers a hundred changes", () => {
  let history = after(...Array.from({ length: 150 }, (_, index) => index + 1));
  for (let steps = 0; steps < 150; steps += 1) {
    history = undo(history);
  }
  expect(history.present).toBe(50);
});
