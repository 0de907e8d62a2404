import { useMutation, useQueryClient } from "@tanstack/react-query";
import { batchSchema } from "@/api/batches/batch";
import { taskKeys } from "@/api/tasks/keys";
import type { Step } from "@/api/tasks/task";
import { api } from "@/lib/api/client";

export type NewBatch = {
  image_ids: number[];
  format?: string | null;
  quality?: number | "auto";
  lossless?: boolean;
  metadata?: "keep" | "strip";
  background?: string;
} & ({ preset: number } | { transformations: Step[] });

/** The same pipeline for many images (at most `maxBatchImages` of the config). */
export function useCreateBatch() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewBatch) =>
      api.post("/batches/", { schema: batchSchema, body, idempotencyKey: true }),
    onSuccess: () => queries.invalidateQueries({ queryKey: taskKeys.all }),
  });
}
