import { expect, it } from "vitest";
import { minutesLeft } from "./link-expiry";

const MINUTE = 60_000;

it.each([
  ["just handed out", 0, 5],
  ["a moment later", 1, 4],
  ["after two minutes", 2 * MINUTE, 3],
  ["in the last minute", 4.5 * MINUTE, 0],
  ["when it is over", 60 * MINUTE, 0],
])("%s", (_, age, left) => {
  expect(minutesLeft(300, 1000, 1000 + age)).toBe(left);
});
