import { queryOptions } from "@tanstack/react-query";
import { taskKeys } from "@/api/tasks/keys";
import { taskSchema } from "@/api/tasks/task";
import { api } from "@/lib/api/client";

export const taskQuery = (id: number) =>
  queryOptions({
    queryKey: taskKeys.detail(id),
    queryFn: ({ signal }) => api.get(`/tasks/${id}/`, { schema: taskSchema, signal }),
  });
