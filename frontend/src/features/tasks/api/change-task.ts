import { useMutation, useQueryClient } from "@tanstack/react-query";
import { taskKeys } from "@/api/tasks/keys";
import { taskSchema } from "@/api/tasks/task";
import { api } from "@/lib/api/client";
import { explain } from "@/lib/errors/explain";
import { toast } from "@/lib/toast";
import { removeTask, updateTasks } from "./task-cache";

/** Cancel a task, or have a new attempt made; the lists show the answer at once. */
export function useChangeTask(change: "cancel" | "retry") {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.post(`/tasks/${id}/${change}/`, { schema: taskSchema }),
    onSuccess: (task) => updateTasks(queries, [task]),
    onError: (error) => {
      const { title, detail } = explain(error);
      toast.error(title, { description: detail });
      void queries.invalidateQueries({ queryKey: taskKeys.all }); // it may have ended meanwhile
    },
  });
}

export function useDeleteTask() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete(`/tasks/${id}/`),
    onSuccess: (_, id) => removeTask(queries, id),
    onError: (error) => {
      const { title, detail } = explain(error);
      toast.error(title, { description: detail });
    },
  });
}
