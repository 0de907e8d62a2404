import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { pagedQuery, pageOf } from "@/api/page";
import { isFinished } from "@/api/tasks/schema";
import { type Delivery, deliverySchema, webhookSchema } from "@/api/webhooks/schema";
import { api } from "@/lib/api/client";

const webhookPageSchema = pageOf(webhookSchema);
/** Bounds of the polling interval of deliveries, ms. */
const MIN_INTERVAL = 2000;
const MAX_INTERVAL = 30_000;

/** Query keys. Each begins with `all`. */
export const webhookKeys = {
  all: ["webhooks"] as const,
  list: () => [...webhookKeys.all, "list"] as const,
  deliveries: (webhookId: number) => [...webhookKeys.all, "deliveries", webhookId] as const,
};

/** All webhooks. The server allows fewer than fit on one page. */
export const webhooksQuery = queryOptions({
  queryKey: webhookKeys.list(),
  queryFn: async ({ signal }) =>
    (await api.get("/webhooks/", { schema: webhookPageSchema, query: { page_size: 100 }, signal }))
      .results,
});

/** The deliveries of a webhook, newest first. Polled while a delivery is unfinished. */
export const deliveriesQuery = (webhookId: number) =>
  infiniteQueryOptions({
    ...pagedQuery(
      webhookKeys.deliveries(webhookId),
      `/webhooks/${webhookId}/deliveries/`,
      deliverySchema,
      { page_size: 20 },
    ),
    refetchInterval: ({ state }) =>
      pollInterval(state.data?.pages.flatMap(({ results }) => results) ?? [], Date.now()),
  });

/**
 * How long to wait before the deliveries are fetched again, ms; false if all are finished.
 *
 * Attempts can be hours apart, so the wait follows the time of the next attempt.
 */
export function pollInterval(deliveries: readonly Delivery[], now: number): number | false {
  const waits = deliveries
    .filter(({ status }) => !isFinished(status))
    .map(({ status, next_attempt_at: next }) =>
      status === "PENDING" && next !== null ? Date.parse(next) - now : 0,
    );
  return waits.length > 0 && Math.min(MAX_INTERVAL, Math.max(MIN_INTERVAL, Math.min(...waits)));
}
