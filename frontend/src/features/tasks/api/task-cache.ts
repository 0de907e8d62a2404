import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { taskKeys } from "@/api/tasks/keys";
import type { Task } from "@/api/tasks/task";
import type { z } from "@/lib/zod";
import type { taskPageSchema } from "./list-tasks";

type TaskPage = z.infer<typeof taskPageSchema>;

/** Show the new state of tasks wherever they are listed. Lists keep rows that no longer fit. */
export function updateTasks(queries: QueryClient, tasks: readonly Task[]): void {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  for (const task of tasks) {
    queries.setQueryData(taskKeys.detail(task.id), task);
  }
  change(queries, (results) => results.map((one) => byId.get(one.id) ?? one));
}

/** Take a deleted task out of all lists. */
export function removeTask(queries: QueryClient, id: number): void {
  change(queries, (results) => results.filter((one) => one.id !== id));
  queries.removeQueries({ queryKey: taskKeys.detail(id) });
}

function change(queries: QueryClient, to: (results: Task[]) => Task[]): void {
  queries.setQueriesData<InfiniteData<TaskPage>>(
    { queryKey: taskKeys.lists() },
    (list) =>
      list && {
        ...list,
        pages: list.pages.map((page) => ({ ...page, results: to(page.results) })),
      },
  );
}
