import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { WebhookRequest } from "@/api/generated";
import { api } from "@/lib/api/client";
import { webhooksQuery } from "./get-webhooks";
import { secretWebhookSchema } from "./webhook";

export function useCreateWebhook() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: WebhookRequest) =>
      api.post("/webhooks/", { schema: secretWebhookSchema, body, idempotencyKey: true }),
    gcTime: 0, // the secret stays in memory no longer than it is shown
    onSuccess: () => queries.invalidateQueries({ queryKey: webhooksQuery.queryKey }),
  });
}
