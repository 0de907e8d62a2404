import type { Delivery } from "@/api/webhooks/schema";

/** A delivery as the API answers it. */
export function aDelivery(changes: Partial<Delivery>): Delivery {
  return {
    id: 1,
    webhook: 3,
    event: "task.succeeded",
    status: "SUCCESS",
    attempts: [],
    next_attempt_at: null,
    created_at: "2026-03-01T11:00:00Z",
    ...changes,
  };
}
