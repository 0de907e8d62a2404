import { useQuery, useQueryClient } from "@tanstack/react-query";
import { taskKeys } from "@/api/tasks/keys";
import { isFinished, type Task } from "@/api/tasks/task";
import { api } from "@/lib/api/client";
import { PAGE_SIZE, type TaskFilters, taskPageSchema } from "./list-tasks";
import { updateTasks } from "./task-cache";

const UNFINISHED_EVERY = 1000;
const NEWEST_EVERY = 4000;
/** The most ids that one request may name. */
const MOST = 100;

/**
 * Keep the shown tasks current: unfinished ones every second, and new ones every few seconds.
 *
 * Nothing changed is a 304 that the browser answers from its cache; a page in the background asks
 * nothing.
 */
export function useLiveTasks(filters: TaskFilters, shown: readonly Task[]): void {
  const queries = useQueryClient();
  const unfinished = shown
    .filter((task) => !isFinished(task.status))
    .slice(0, MOST)
    .map((task) => task.id);
  useQuery({
    queryKey: [...taskKeys.all, "watched", unfinished],
    queryFn: async ({ signal }) => {
      const { results } = await api.get("/tasks/", {
        schema: taskPageSchema,
        query: { ids: unfinished.join(",") },
        signal,
      });
      updateTasks(queries, results);
      return null;
    },
    enabled: unfinished.length > 0,
    refetchInterval: UNFINISHED_EVERY,
    staleTime: UNFINISHED_EVERY,
    retry: false,
  });
  useQuery({
    queryKey: [...taskKeys.all, "newest", filters],
    queryFn: async ({ signal }) => {
      const { results } = await api.get("/tasks/", {
        schema: taskPageSchema,
        query: { ...filters, page_size: PAGE_SIZE },
        signal,
      });
      const known = new Set(shown.map((task) => task.id));
      if (results.some((task) => !known.has(task.id))) {
        await queries.invalidateQueries({ queryKey: taskKeys.list(filters) });
      }
      return null;
    },
    refetchInterval: NEWEST_EVERY,
    staleTime: NEWEST_EVERY,
    retry: false,
  });
}
