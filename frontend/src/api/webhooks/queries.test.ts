import { expect, it } from "vitest";
import { aDelivery } from "@/test/deliveries";
import { pollInterval } from "./queries";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const waiting = (next: string | null) => aDelivery({ status: "PENDING", next_attempt_at: next });

it("does not poll when all deliveries are finished", () => {
  expect(pollInterval([], NOW)).toBe(false);
  expect(pollInterval([aDelivery({ status: "FAILED" }), aDelivery({})], NOW)).toBe(false);
});

it.each([
  ["is being sent", aDelivery({ status: "IN_PROGRESS" }), 2000],
  ["is due", waiting("2026-03-01T11:59:00Z"), 2000],
  ["has no time yet", waiting(null), 2000],
  ["is sent in nine seconds", waiting("2026-03-01T12:00:09Z"), 9000],
  ["is sent in an hour", waiting("2026-03-01T13:00:00Z"), 30_000],
])("waits for a delivery that %s", (_, delivery, wait) => {
  expect(pollInterval([aDelivery({}), waiting("2026-03-01T20:00:00Z"), delivery], NOW)).toBe(wait);
});
