import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import { deliverySchema } from "./delivery";
import { webhookKeys } from "./get-webhooks";

/** Have a message delivered that is about nothing. */
export function useSendTest(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      api.post(`/webhooks/${id}/test/`, { schema: deliverySchema, idempotencyKey: true }),
    onSuccess: () => queries.invalidateQueries({ queryKey: webhookKeys.deliveries(id) }),
  });
}
