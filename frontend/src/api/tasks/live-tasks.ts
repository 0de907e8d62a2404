import { useQuery, useQueryClient } from "@tanstack/react-query";
import { PAGE_SIZE, type TaskFilters, taskKeys, taskPageSchema } from "@/api/tasks/queries";
import { isFinished, type Task } from "@/api/tasks/schema";
import { updateTasks } from "@/api/tasks/task-cache";
import { api } from "@/lib/api/client";

/** ms */
const UNFINISHED_INTERVAL = 1000;
const NEWEST_INTERVAL = 4000;
/** The server's limit for `?ids=`. */
const MAX_IDS = 100;

/**
 * Keep the shown tasks current: poll unfinished tasks every second, new tasks every few seconds.
 *
 * An unchanged list is a 304, which the browser answers from its cache. A page in the background
 * does not poll.
 */
export function useLiveTasks(filters: TaskFilters, shown: readonly Task[]): void {
  const queries = useQueryClient();
  const unfinished = shown
    .filter((task) => !isFinished(task.status))
    .slice(0, MAX_IDS)
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
    refetchInterval: UNFINISHED_INTERVAL,
    staleTime: UNFINISHED_INTERVAL,
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
        void queries.invalidateQueries({ queryKey: taskKeys.failed() });
        await queries.invalidateQueries({ queryKey: taskKeys.list(filters) });
      }
      return null;
    },
    refetchInterval: NEWEST_INTERVAL,
    staleTime: NEWEST_INTERVAL,
    retry: false,
  });
}
