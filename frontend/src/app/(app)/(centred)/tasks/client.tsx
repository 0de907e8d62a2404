"use client";

import { PageHeader } from "@/components/ui/page-header";
import { TasksPage } from "@/features/tasks/components/tasks-page";
import { QueryValues } from "@/lib/url/query-values";

export function Tasks() {
  return (
    <QueryValues names={["status", "batch"]} fallback={<PageHeader title="Tasks" />}>
      {({ status, batch }) => <TasksPage status={status} batch={batch} />}
    </QueryValues>
  );
}
