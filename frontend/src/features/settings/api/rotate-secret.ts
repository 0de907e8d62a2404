import { useMutation } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import { secretWebhookSchema } from "./webhook";

/** A new secret; the old one signs, too, for a day. */
export function useRotateSecret() {
  return useMutation({
    mutationFn: (id: number) =>
      api.post(`/webhooks/${id}/rotate-secret/`, { schema: secretWebhookSchema }),
    gcTime: 0, // the secret stays in memory no longer than it is shown
  });
}
