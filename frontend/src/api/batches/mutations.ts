import { useMutation, useQueryClient } from "@tanstack/react-query";
import { batchSchema } from "@/api/batches/schema";
import type { OutputOptions, PipelineBody } from "@/api/tasks/pipeline-body";
import { taskKeys } from "@/api/tasks/queries";
import { api } from "@/lib/api/client";
import { toastError } from "@/lib/errors/toast-error";

type NewBatch = { image_ids: number[] } & (PipelineBody | ({ preset: number } & OutputOptions));

/** Apply one pipeline to many images (at most `maxBatchImages` of the config). */
export function useCreateBatch() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewBatch) =>
      api.post("/batches/", { schema: batchSchema, body, idempotencyKey: true }),
    onSuccess: () => queries.invalidateQueries({ queryKey: taskKeys.all }),
  });
}

export function useCancelBatch(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.post(`/batches/${id}/cancel/`, { schema: batchSchema }),
    onError: (error) => toastError(error),
    onSettled: () => queries.invalidateQueries({ queryKey: taskKeys.all }),
  });
}
