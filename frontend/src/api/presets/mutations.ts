import { useMutation, useQueryClient } from "@tanstack/react-query";
import { presetsQuery } from "@/api/presets/queries";
import { presetSchema } from "@/api/presets/schema";
import type { PipelineBody } from "@/api/tasks/pipeline-body";
import { api } from "@/lib/api/client";

interface NewPreset extends PipelineBody {
  name: string;
  description?: string;
}

export function useCreatePreset() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewPreset) =>
      api.post("/presets/", { schema: presetSchema, body, idempotencyKey: true }),
    onSuccess: () => queries.invalidateQueries({ queryKey: presetsQuery.queryKey }),
  });
}

export function useRenamePreset(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      api.patch(`/presets/${id}/`, { schema: presetSchema, body: { name } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: presetsQuery.queryKey }),
  });
}

export function useDeletePreset() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete(`/presets/${id}/`),
    onSettled: () => queries.invalidateQueries({ queryKey: presetsQuery.queryKey }),
  });
}
