import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { WebhookChangeRequest, WebhookRequest } from "@/api/generated";
import { webhookKeys, webhooksQuery } from "@/api/webhooks/queries";
import { deliverySchema, secretWebhookSchema, webhookSchema } from "@/api/webhooks/schema";
import { api } from "@/lib/api/client";

export function useCreateWebhook() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: WebhookRequest) =>
      api.post("/webhooks/", { schema: secretWebhookSchema, body, idempotencyKey: true }),
    gcTime: 0, // forget the secret as soon as it is no longer shown
    onSuccess: () => queries.invalidateQueries({ queryKey: webhooksQuery.queryKey }),
  });
}

/** Change the address, events or description, or enable or disable the webhook. */
export function useChangeWebhook(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: WebhookChangeRequest) =>
      api.patch(`/webhooks/${id}/`, { schema: webhookSchema, body }),
    onSuccess: (changed) => {
      queries.setQueryData(webhooksQuery.queryKey, (webhooks) =>
        webhooks?.map((one) => (one.id === id ? changed : one)),
      );
      // Disabling cancels the pending deliveries, enabling sends them at once.
      return queries.invalidateQueries({ queryKey: webhookKeys.deliveries(id) });
    },
  });
}

export function useDeleteWebhook() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete(`/webhooks/${id}/`),
    onSettled: () => queries.invalidateQueries({ queryKey: webhooksQuery.queryKey }),
  });
}

/** Make a new secret. The server also signs with the old secret for one more day. */
export function useRotateSecret() {
  return useMutation({
    mutationFn: (id: number) =>
      api.post(`/webhooks/${id}/rotate-secret/`, { schema: secretWebhookSchema }),
    gcTime: 0, // forget the secret as soon as it is no longer shown
  });
}

/** Have a test message delivered. */
export function useSendTest(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      api.post(`/webhooks/${id}/test/`, { schema: deliverySchema, idempotencyKey: true }),
    onSuccess: () => queries.invalidateQueries({ queryKey: webhookKeys.deliveries(id) }),
  });
}

/** Send a delivery again. It keeps its `webhook-id`. */
export function useRedeliver(webhookId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      api.post(`/webhooks/deliveries/${id}/redeliver/`, { schema: deliverySchema }),
    onSettled: () => queries.invalidateQueries({ queryKey: webhookKeys.deliveries(webhookId) }),
  });
}
