import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import { deliverySchema } from "./delivery";
import { webhookKeys } from "./get-webhooks";

/** Send it again; it keeps its `webhook-id`. */
export function useRedeliver(webhookId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      api.post(`/webhooks/deliveries/${id}/redeliver/`, { schema: deliverySchema }),
    onSettled: () => queries.invalidateQueries({ queryKey: webhookKeys.deliveries(webhookId) }),
  });
}
