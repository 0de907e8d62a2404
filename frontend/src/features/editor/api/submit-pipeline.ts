import { useMutation, useQueryClient } from "@tanstack/react-query";
import { taskKeys } from "@/api/tasks/keys";
import { taskSchema } from "@/api/tasks/task";
import { api } from "@/lib/api/client";
import type { PipelineBody } from "../model/pipeline";

/** Apply the pipeline in full; the answer is the task. */
export function useSubmitPipeline(imageId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: PipelineBody) =>
      api.post(`/images/${imageId}/transform/`, {
        schema: taskSchema,
        body,
        idempotencyKey: true,
      }),
    onSuccess: (task) => {
      queries.setQueryData(taskKeys.detail(task.id), task);
      return queries.invalidateQueries({ queryKey: taskKeys.lists() });
    },
  });
}
