import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { taskKeys, type taskPageSchema } from "@/api/tasks/queries";
import type { Task } from "@/api/tasks/schema";
import type { z } from "@/lib/zod";

type TaskList = InfiniteData<z.infer<typeof taskPageSchema>>;

/** Show the new state of tasks in every list. A list keeps tasks that no longer match its filter. */
export function updateTasks(queries: QueryClient, tasks: readonly Task[]): void {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  let changed = false;
  for (const task of tasks) {
    const before = queries.getQueryData<Task>(taskKeys.detail(task.id));
    changed ||= before?.status !== task.status;
    queries.setQueryData(taskKeys.detail(task.id), task);
  }
  changeResults(queries, (results) => results.map((one) => byId.get(one.id) ?? one));
  if (changed) {
    void queries.invalidateQueries({ queryKey: taskKeys.failed() });
  }
}

/** Remove a deleted task from every list. */
export function removeTask(queries: QueryClient, id: number): void {
  changeResults(queries, (results) => results.filter((one) => one.id !== id));
  queries.removeQueries({ queryKey: taskKeys.detail(id) });
  void queries.invalidateQueries({ queryKey: taskKeys.failed() });
}

function changeResults(queries: QueryClient, change: (results: Task[]) => Task[]): void {
  queries.setQueriesData<TaskList>(
    { queryKey: taskKeys.lists() },
    (list) =>
      list && {
        ...list,
        pages: list.pages.map((page) => ({ ...page, results: change(page.results) })),
      },
  );
}
