"use client";

import { useQuery } from "@tanstack/react-query";
import { FileQuestion, Pencil } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { imageQuery } from "@/api/images/queries";
import { resultFilePath, resultQuery } from "@/api/results/queries";
import type { Result } from "@/api/results/schema";
import { taskQuery } from "@/api/tasks/queries";
import { isFinished, type Task } from "@/api/tasks/schema";
import { DownloadButton } from "@/components/download-button";
import { describeSteps } from "@/components/tasks/describe-steps";
import { StatusBadge } from "@/components/tasks/status-badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { Progress } from "@/components/ui/progress";
import { Skeleton } from "@/components/ui/skeleton";
import { imageAddress, paths } from "@/lib/routes";
import { ApplyToMore } from "./apply-to-more";
import { CopyLink } from "./copy-link";
import { ResultFacts } from "./result-facts";
import { ResultPicture } from "./result-picture";

const EVERY = 700;

/** The result of a task: before and after, facts and actions. */
export function ResultPage({ taskId }: { taskId: number | null }) {
  const task = useQuery({
    ...taskQuery(taskId ?? 0),
    enabled: taskId !== null,
    refetchInterval: ({ state }) => (state.data && !isFinished(state.data.status) ? EVERY : false),
  });
  if (taskId === null) {
    return (
      <Notice>
        <EmptyState
          icon={<FileQuestion aria-hidden />}
          title="No result selected"
          actions={
            <Button asChild>
              <Link href={paths.tasks}>Choose a task</Link>
            </Button>
          }
        >
          The address of this page does not say which result to show.
        </EmptyState>
      </Notice>
    );
  }
  if (task.isError && !task.data) {
    return (
      <Notice>
        <ErrorState query={task} />
      </Notice>
    );
  }
  if (!task.data) {
    return <Waiting />;
  }
  return task.data.result_image === null ? (
    <Unfinished task={task.data} />
  ) : (
    <Finished task={task.data} resultId={task.data.result_image} />
  );
}

function Finished({ task, resultId }: { task: Task; resultId: number }) {
  const result = useQuery(resultQuery(resultId));
  const source = useQuery(imageQuery(task.original_image));
  if (result.isError && !result.data) {
    return (
      <Notice>
        <ErrorState query={result} />
      </Notice>
    );
  }
  if (!result.data) {
    return <Waiting />;
  }
  const { file, metadata, file_name: name } = result.data;
  return (
    <>
      <PageHeader
        title={name}
        description={describeSteps(task.transformations)}
        actions={<Buttons task={task} result={result.data} fetchedAt={result.dataUpdatedAt} />}
      />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        {file && (
          <ResultPicture
            before={source.data?.file ?? null}
            after={file}
            beforeSize={sizeOf(source.data?.metadata)}
            afterSize={sizeOf(metadata)}
          />
        )}
        <div className="flex flex-col gap-6">
          <ResultFacts task={task} result={result.data} source={source.data} />
        </div>
      </div>
    </>
  );
}

interface ButtonsProps {
  task: Task;
  result: Result;
  fetchedAt: number;
}

function Buttons({ task, result, fetchedAt }: ButtonsProps) {
  return (
    <>
      <Button asChild variant="secondary">
        <Link href={imageAddress(task.original_image, task.id)}>
          <Pencil aria-hidden />
          Edit again
        </Link>
      </Button>
      <ApplyToMore task={task} />
      {result.file && (
        <>
          <CopyLink address={result.file} fetchedAt={fetchedAt} />
          <DownloadButton path={resultFilePath(result.id)} size="md">
            Download
          </DownloadButton>
        </>
      )}
    </>
  );
}

function Unfinished({ task }: { task: Task }) {
  const running = !isFinished(task.status);
  return (
    <>
      <PageHeader title="Result" description={describeSteps(task.transformations)} />
      <Card className="flex flex-col items-center gap-4 px-6 py-20 text-center">
        <StatusBadge status={task.status} />
        <p className="max-w-md text-muted-foreground text-sm" aria-live="polite">
          {running
            ? "The task is not finished yet. The result will appear here."
            : (task.error_message ?? "This task has no result.")}
        </p>
        {running ? (
          <Progress
            className="max-w-xs"
            label={`Task ${task.id}`}
            value={task.progress > 0 ? task.progress : null}
          />
        ) : (
          <div className="flex flex-wrap justify-center gap-2">
            <Button asChild variant="secondary">
              <Link href={paths.tasks}>See all tasks</Link>
            </Button>
            <Button asChild>
              <Link href={imageAddress(task.original_image, task.id)}>Edit again</Link>
            </Button>
          </div>
        )}
      </Card>
    </>
  );
}

function Notice({ children }: { children: ReactNode }) {
  return (
    <>
      <PageHeader title="Result" />
      <Card>{children}</Card>
    </>
  );
}

function Waiting() {
  return (
    <>
      <PageHeader title="Result" />
      <div aria-busy className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Skeleton className="h-[min(62vh,44rem)] rounded-2xl" />
        <Skeleton className="h-64 rounded-2xl" />
      </div>
    </>
  );
}

function sizeOf(
  metadata: { width?: number; height?: number } | undefined,
): [number, number] | null {
  return metadata?.width && metadata.height ? [metadata.width, metadata.height] : null;
}
