import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import { apiKeysQuery } from "./get-api-keys";

/** Programs that use the key are refused from now on. */
export function useDeleteApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete(`/auth/api-keys/${id}/`),
    onSettled: () => queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
}
