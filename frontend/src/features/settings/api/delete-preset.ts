import { useMutation, useQueryClient } from "@tanstack/react-query";
import { presetKeys } from "@/api/presets/get-presets";
import { api } from "@/lib/api/client";

export function useDeletePreset() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete(`/presets/${id}/`),
    onSettled: () => queries.invalidateQueries({ queryKey: presetKeys.all }),
  });
}
