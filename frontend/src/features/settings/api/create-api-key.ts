import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { NewApiKeyRequest } from "@/api/generated";
import { api } from "@/lib/api/client";
import { createdApiKeySchema } from "./api-key";
import { apiKeysQuery } from "./get-api-keys";

export function useCreateApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewApiKeyRequest) =>
      api.post("/auth/api-keys/", { schema: createdApiKeySchema, body, idempotencyKey: true }),
    gcTime: 0, // the key stays in memory no longer than it is shown
    onSuccess: () => queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
}
