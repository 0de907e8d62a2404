"use client";

import { PageHeader } from "@/components/ui/page-header";
import { ResultPage } from "@/features/result/components/result-page";
import { QueryValues } from "@/lib/url/query-values";
import { readId } from "@/lib/url/read-id";

export function ResultOfTask() {
  return (
    <QueryValues names={["task"]} fallback={<PageHeader title="Result" />}>
      {({ task }) => <ResultPage taskId={readId(task)} />}
    </QueryValues>
  );
}
