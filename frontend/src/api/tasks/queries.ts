import { queryOptions } from "@tanstack/react-query";
import { pagedQuery, pageOf } from "@/api/page";
import { type TaskStatus, taskSchema } from "@/api/tasks/schema";
import { api } from "@/lib/api/client";

export interface TaskFilters {
  status?: TaskStatus;
  batch?: number;
}

export const PAGE_SIZE = 30;

export const taskPageSchema = pageOf(taskSchema);

/** Query keys. Each begins with `all`. */
export const taskKeys = {
  all: ["tasks"] as const,
  lists: () => [...taskKeys.all, "list"] as const,
  list: (filters: object) => [...taskKeys.lists(), filters] as const,
  failed: () => [...taskKeys.all, "failed"] as const,
  detail: (id: number) => [...taskKeys.all, "detail", id] as const,
};

export const taskQuery = (id: number) =>
  queryOptions({
    queryKey: taskKeys.detail(id),
    queryFn: ({ signal }) => api.get(`/tasks/${id}/`, { schema: taskSchema, signal }),
  });

export const tasksQuery = (filters: TaskFilters) =>
  pagedQuery(taskKeys.list(filters), "/tasks/", taskSchema, { ...filters, page_size: PAGE_SIZE });

/** Whether any task has failed. Asked again when a shown task has changed. */
export const anyFailedQuery = queryOptions({
  queryKey: taskKeys.failed(),
  queryFn: async ({ signal }) => {
    const query = { status: "FAILED", page_size: 1 };
    const { results } = await api.get("/tasks/", { schema: taskPageSchema, query, signal });
    return results.length > 0;
  },
});
