"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import Link from "next/link";
import { useLiveTasks } from "@/api/tasks/live-tasks";
import { type TaskFilters, tasksQuery } from "@/api/tasks/queries";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/routes";
import { PagedList } from "./paged-list";
import { TaskRow } from "./task-row";

/** The tasks that match the filters, newest first. They are kept current. */
export function TaskList({ filters, onReset }: { filters: TaskFilters; onReset: () => void }) {
  const list = useInfiniteQuery(tasksQuery(filters));
  const tasks = list.data?.pages.flatMap((page) => page.results) ?? [];
  useLiveTasks(filters, tasks);
  return (
    <PagedList
      name="tasks"
      query={list}
      items={tasks}
      waiting={<Waiting />}
      empty={filters.status || filters.batch ? <NoMatch onReset={onReset} /> : <NoTasks />}
    >
      {(task) => <TaskRow key={task.id} task={task} />}
    </PagedList>
  );
}

function NoMatch({ onReset }: { onReset: () => void }) {
  return (
    <EmptyState
      icon={<ListChecks aria-hidden />}
      title="No matching tasks"
      actions={
        <Button variant="secondary" onClick={onReset}>
          Show all tasks
        </Button>
      }
    >
      No task has this status at the moment.
    </EmptyState>
  );
}

function NoTasks() {
  return (
    <EmptyState
      icon={<ListChecks aria-hidden />}
      title="No tasks yet"
      actions={
        <Button asChild>
          <Link href={paths.gallery}>Go to the gallery</Link>
        </Button>
      }
    >
      Open an image in the editor and press Apply, or apply a preset to several images in the
      gallery. Their tasks appear here.
    </EmptyState>
  );
}

function Waiting() {
  return (
    <Card aria-busy className="divide-y">
      {[1, 2, 3, 4, 5, 6].map((row) => (
        <div key={row} className="flex gap-4 px-5 py-3.5">
          <Skeleton className="size-14 shrink-0" />
          <div className="flex flex-1 flex-col gap-2 py-1">
            <Skeleton className="h-4 w-2/5" />
            <Skeleton className="h-3 w-1/4" />
          </div>
        </div>
      ))}
    </Card>
  );
}
