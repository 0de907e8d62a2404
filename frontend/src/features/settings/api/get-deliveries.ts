import { infiniteQueryOptions } from "@tanstack/react-query";
import { cursorAfter, pageOf } from "@/api/page";
import { isFinished } from "@/api/tasks/task";
import { api } from "@/lib/api/client";
import { type Delivery, deliverySchema } from "./delivery";
import { webhookKeys } from "./get-webhooks";

const schema = pageOf(deliverySchema);
const SOONEST = 2000;
const LATEST = 30_000;

/** What was sent to a webhook, newest first; asked for again while something is under way. */
export const deliveriesQuery = (webhookId: number) =>
  infiniteQueryOptions({
    queryKey: webhookKeys.deliveries(webhookId),
    queryFn: ({ pageParam, signal }) =>
      api.get(`/webhooks/${webhookId}/deliveries/`, {
        schema,
        query: { page_size: 20, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: cursorAfter,
    refetchInterval: ({ state }) =>
      askAgainAfter(state.data?.pages.flatMap(({ results }) => results) ?? [], Date.now()),
  });

/**
 * When the list may look different, ms from now; false when all of it has ended.
 *
 * Attempts can be hours apart, so that the next one says how long nothing happens.
 */
export function askAgainAfter(deliveries: readonly Delivery[], now: number): number | false {
  const waits = deliveries
    .filter(({ status }) => !isFinished(status))
    .map(({ status, next_attempt_at: next }) =>
      status === "PENDING" && next !== null ? Date.parse(next) - now : 0,
    );
  return waits.length > 0 && Math.min(LATEST, Math.max(SOONEST, Math.min(...waits)));
}
