import { expect, it } from "vitest";
import { endOfDay, today } from "./end-of-day";

it("ends the day of the browser's time zone, not of UTC", () => {
  const end = new Date(endOfDay("2026-03-01"));
  expect([end.getFullYear(), end.getMonth(), end.getDate()]).toEqual([2026, 2, 1]);
  expect([end.getHours(), end.getMinutes(), end.getSeconds()]).toEqual([23, 59, 59]);
});

it("formats today like a date field", () => {
  expect(today(new Date(2026, 2, 1, 0, 30))).toBe("2026-03-01");
  expect(today(new Date(2026, 11, 31, 23, 30))).toBe("2026-12-31");
});
