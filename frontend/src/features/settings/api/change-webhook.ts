import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { WebhookChangeRequest } from "@/api/generated";
import { api } from "@/lib/api/client";
import { webhookKeys, webhooksQuery } from "./get-webhooks";
import { webhookSchema } from "./webhook";

/** Change address, events or description, or enable and disable it. */
export function useChangeWebhook(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: WebhookChangeRequest) =>
      api.patch(`/webhooks/${id}/`, { schema: webhookSchema, body }),
    onSuccess: (changed) => {
      queries.setQueryData(webhooksQuery.queryKey, (webhooks) =>
        webhooks?.map((one) => (one.id === id ? changed : one)),
      );
      // What waited was cancelled, or leaves at once.
      return queries.invalidateQueries({ queryKey: webhookKeys.deliveries(id) });
    },
  });
}
