import { useMutation, useQueryClient } from "@tanstack/react-query";
import { apiKeysQuery } from "@/api/api-keys/queries";
import { createdApiKeySchema } from "@/api/api-keys/schema";
import type { NewApiKeyRequest } from "@/api/generated";
import { api } from "@/lib/api/client";

export function useCreateApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewApiKeyRequest) =>
      api.post("/auth/api-keys/", { schema: createdApiKeySchema, body, idempotencyKey: true }),
    gcTime: 0, // forget the key as soon as it is no longer shown
    onSuccess: () => queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
}

/** Delete a key. The server refuses it from then on. */
export function useDeleteApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete(`/auth/api-keys/${id}/`),
    onSettled: () => queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
}
