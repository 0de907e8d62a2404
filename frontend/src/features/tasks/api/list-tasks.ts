import { infiniteQueryOptions } from "@tanstack/react-query";
import { cursorAfter, pageOf } from "@/api/page";
import { taskKeys } from "@/api/tasks/keys";
import { type TaskStatus, taskSchema } from "@/api/tasks/task";
import { api } from "@/lib/api/client";

export interface TaskFilters {
  status?: TaskStatus;
  batch?: number;
}

export const PAGE_SIZE = 30;

export const taskPageSchema = pageOf(taskSchema);

export const tasksQuery = (filters: TaskFilters) =>
  infiniteQueryOptions({
    queryKey: taskKeys.list(filters),
    queryFn: ({ pageParam, signal }) =>
      api.get("/tasks/", {
        schema: taskPageSchema,
        query: { ...filters, page_size: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: cursorAfter,
  });
