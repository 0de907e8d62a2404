import { expect, it } from "vitest";
import { aDelivery } from "@/test/deliveries";
import { askAgainAfter } from "./get-deliveries";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const waiting = (next: string | null) => aDelivery({ status: "PENDING", next_attempt_at: next });

it("asks no more when all of them have ended", () => {
  expect(askAgainAfter([], NOW)).toBe(false);
  expect(askAgainAfter([aDelivery({ status: "FAILED" }), aDelivery({})], NOW)).toBe(false);
});

it.each([
  ["is being sent", aDelivery({ status: "IN_PROGRESS" }), 2000],
  ["is due", waiting("2026-03-01T11:59:00Z"), 2000],
  ["leaves at any moment", waiting(null), 2000],
  ["leaves in nine seconds", waiting("2026-03-01T12:00:09Z"), 9000],
  ["leaves in an hour", waiting("2026-03-01T13:00:00Z"), 30_000],
])("waits for one that %s", (_, delivery, wait) => {
  expect(askAgainAfter([aDelivery({}), waiting("2026-03-01T20:00:00Z"), delivery], NOW)).toBe(wait);
});
