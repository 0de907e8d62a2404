"use client";

import { PageHeader } from "@/components/ui/page-header";
import { ResultPage } from "@/features/result/components/result-page";
import { QueryValues } from "@/lib/url/query-values";

export function ResultOfTask() {
  return (
    <QueryValues names={["task"]} fallback={<PageHeader title="Result" />}>
      {({ task }) => (
        <ResultPage taskId={task && /^[0-9]{1,15}$/.test(task) ? Number(task) : null} />
      )}
    </QueryValues>
  );
}
