import { useMutation, useQueryClient } from "@tanstack/react-query";
import { presetKeys } from "@/api/presets/get-presets";
import { presetSchema } from "@/api/presets/preset";
import { api } from "@/lib/api/client";

export function useRenamePreset(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      api.patch(`/presets/${id}/`, { schema: presetSchema, body: { name } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: presetKeys.all }),
  });
}
