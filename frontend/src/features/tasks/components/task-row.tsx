"use client";

import { Ban, Download, MoreHorizontal, Pencil, RotateCcw, Trash2 } from "lucide-react";
import Link from "next/link";
import { resultFilePath } from "@/api/results/queries";
import { useChangeTask, useDeleteTask } from "@/api/tasks/mutations";
import { isFinished, secondsOf, type Task } from "@/api/tasks/schema";
import { useDownload } from "@/components/download-button";
import { describeSteps } from "@/components/tasks/describe-steps";
import { StatusBadge } from "@/components/tasks/status-badge";
import { TaskPicture } from "@/components/tasks/task-picture";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { FactLine } from "@/components/ui/fact-line";
import { Note } from "@/components/ui/note";
import { Progress } from "@/components/ui/progress";
import { formatDateTime, formatRelative, formatSeconds } from "@/lib/format";
import { imageAddress, resultAddress } from "@/lib/routes";
import { adviceFor } from "../advice";

/** One task: its steps, its progress and its actions.  */
export function TaskRow({ task }: { task: Task }) {
  const steps = describeSteps(task.transformations);
  const title = task.result_name ?? steps;
  return (
    <li
      className="grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-3 px-4 py-3.5 sm:gap-x-4 sm:px-5"
      data-task={task.id}
    >
      <TaskPicture imageId={task.original_image} className="size-12 sm:size-14" />
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {task.status === "SUCCESS" ? (
            <Link
              href={resultAddress(task.id)}
              className="min-w-0 truncate font-medium text-sm hover:underline pointer-coarse:-my-2.5 pointer-coarse:py-2.5"
            >
              {title}
            </Link>
          ) : (
            <span className="min-w-0 truncate font-medium text-sm">{title}</span>
          )}
          <StatusBadge status={task.status} />
        </div>
        {task.result_name !== null && (
          <p className="mt-0.5 truncate text-muted-foreground text-xs">{steps}</p>
        )}
        <Facts task={task} />
        {task.status === "IN_PROGRESS" && (
          <Progress
            className="mt-2.5 max-w-md"
            label={`Task ${task.id}`}
            value={task.progress > 0 ? task.progress : null}
          />
        )}
      </div>
      <Actions task={task} title={title} />
      {/* Below the actions, because a narrow screen leaves little room beside them. */}
      <div className="col-span-2 col-start-2 min-w-0">
        {task.status === "FAILED" && (
          <Note tone="danger" className="mt-2">
            <span className="font-medium">{task.error_message}</span> {adviceFor(task)}
          </Note>
        )}
        {task.status === "PENDING" && task.error_message && (
          <Note tone="warning" className="mt-2">
            {task.error_message} The service will try again automatically.
          </Note>
        )}
        {task.warnings.map((warning) => (
          <Note key={warning.code} tone="warning" className="mt-2">
            {warning.detail}
          </Note>
        ))}
      </div>
    </li>
  );
}

function Facts({ task }: { task: Task }) {
  const seconds = secondsOf(task);
  return (
    <FactLine className="mt-0.5">
      <span>#{task.id}</span>
      <span>{task.format}</span>
      <time dateTime={task.created_at} title={formatDateTime(task.created_at)}>
        {formatRelative(task.created_at)}
      </time>
      {seconds !== null && task.status === "SUCCESS" && <span>{formatSeconds(seconds)}</span>}
      {task.attempts > 1 && <span>{task.attempts} attempts</span>}
    </FactLine>
  );
}

function Actions({ task, title }: { task: Task; title: string }) {
  const result = task.result_image;
  const cancel = useChangeTask("cancel");
  const retry = useChangeTask("retry");
  const remove = useDeleteTask();
  const download = useDownload();
  const canRetry = task.status === "FAILED" || task.status === "CANCELLED";
  return (
    <div className="flex shrink-0 items-start gap-1">
      {!isFinished(task.status) && (
        <Button
          variant="secondary"
          size="sm"
          busy={cancel.isPending}
          onClick={() => cancel.mutate(task.id)}
        >
          <Ban aria-hidden />
          <span className="max-sm:sr-only">Cancel</span>
        </Button>
      )}
      {canRetry && (
        <Button
          variant="secondary"
          size="sm"
          busy={retry.isPending}
          onClick={() => retry.mutate(task.id)}
        >
          <RotateCcw aria-hidden />
          <span className="max-sm:sr-only">Retry</span>
        </Button>
      )}
      {task.status === "SUCCESS" && (
        <Button asChild variant="secondary" size="sm">
          <Link href={resultAddress(task.id)}>View</Link>
        </Button>
      )}
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" size="icon-sm" aria-label={`More for task ${task.id}, ${title}`}>
            <MoreHorizontal aria-hidden />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          {result !== null && (
            <DropdownMenuItem onSelect={() => download.mutate(resultFilePath(result))}>
              <Download aria-hidden />
              Download
            </DropdownMenuItem>
          )}
          <DropdownMenuItem asChild>
            <Link href={imageAddress(task.original_image, task.id)}>
              <Pencil aria-hidden />
              Open in the editor
            </Link>
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem danger onSelect={() => remove.mutate(task.id)}>
            <Trash2 aria-hidden />
            {task.status === "SUCCESS" ? "Delete task and result" : "Delete task"}
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
    </div>
  );
}
