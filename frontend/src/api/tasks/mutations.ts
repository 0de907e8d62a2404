import { useMutation, useQueryClient } from "@tanstack/react-query";
import { taskKeys } from "@/api/tasks/queries";
import { retriedSchema, taskSchema } from "@/api/tasks/schema";
import { removeTask, updateTasks } from "@/api/tasks/task-cache";
import { api } from "@/lib/api/client";
import { toastError } from "@/lib/errors/toast-error";
import { plural } from "@/lib/format";
import { toast } from "@/lib/toast";

/** Cancel or retry a task. All lists show the new state at once. */
export function useChangeTask(change: "cancel" | "retry") {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.post(`/tasks/${id}/${change}/`, { schema: taskSchema }),
    onSuccess: (task) => updateTasks(queries, [task]),
    onError: (error) => {
      toastError(error);
      void queries.invalidateQueries({ queryKey: taskKeys.all }); // the task may have ended
    },
  });
}

export function useDeleteTask() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete(`/tasks/${id}/`),
    onSuccess: (_, id) => removeTask(queries, id),
    onError: (error) => toastError(error),
  });
}

/** Retry every failed task, or the failed tasks of one batch. Repeats the request until none is left. */
export function useRetryFailed(batch?: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const options = { schema: retriedSchema, query: { batch } };
      let total = 0;
      let answer: { retried: number; more: boolean };
      do {
        answer = await api.post("/tasks/retry-failed/", options);
        total += answer.retried;
      } while (answer.more && answer.retried > 0);
      return total;
    },
    onSuccess: (total) =>
      total > 0
        ? toast.success(`${plural(total, "task")} will be retried`)
        : toast.show("No failed task can be retried"),
    onError: (error) => toastError(error),
    onSettled: () => queries.invalidateQueries({ queryKey: taskKeys.all }),
  });
}
