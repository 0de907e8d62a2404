import { useMutation, useQueryClient } from "@tanstack/react-query";
import { taskKeys } from "@/api/tasks/keys";
import { api } from "@/lib/api/client";
import { explain } from "@/lib/errors/explain";
import { plural } from "@/lib/format";
import { toast } from "@/lib/toast";
import { z } from "@/lib/zod";

const schema = z.object({ retried: z.number(), more: z.boolean() });

/** Retry every failed task, or those of one batch; asked again while there are more. */
export function useRetryFailed(batch?: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      let retried = 0;
      for (;;) {
        const answer = await api.post("/tasks/retry-failed/", { schema, query: { batch } });
        retried += answer.retried;
        if (!answer.more || answer.retried === 0) {
          return retried;
        }
      }
    },
    onSuccess: (retried) =>
      retried > 0
        ? toast.success(`${plural(retried, "task")} will be tried again`)
        : toast.show("Nothing has failed that could be tried again"),
    onError: (error) => {
      const { title, detail } = explain(error);
      toast.error(title, { description: detail });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: taskKeys.all }),
  });
}
