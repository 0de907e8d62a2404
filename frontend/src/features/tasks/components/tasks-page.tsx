"use client";

import { useQuery } from "@tanstack/react-query";
import { RotateCcw, X } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type RefObject, useLayoutEffect, useRef } from "react";
import { useRetryFailed } from "@/api/tasks/mutations";
import { anyFailedQuery, type TaskFilters } from "@/api/tasks/queries";
import { TASK_STATUSES, type TaskStatus } from "@/api/tasks/schema";
import { statusLabel } from "@/components/tasks/status-badge";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { Select } from "@/components/ui/select";
import { paths, tasksAddress } from "@/lib/routes";
import { readId } from "@/lib/url/read-id";
import { BatchSummary } from "./batch-summary";
import { TaskList } from "./task-list";

interface TasksPageProps {
  /** Values of the address. */
  status: string | null;
  batch: string | null;
}

/** All tasks. The filters are in the address, so that a link or a reload shows the same list. */
export function TasksPage({ status, batch }: TasksPageProps) {
  const router = useRouter();
  const filters = parseFilters(status, batch);
  const show = (next: TaskFilters) => router.replace(tasksAddress(next), { scroll: false });
  const retry = useRetryFailed();
  const heading = useRef<HTMLHeadingElement>(null);
  // A batch has a button of its own.
  const { data: anyFailed = false } = useQuery({
    ...anyFailedQuery,
    enabled: filters.batch === undefined,
  });
  return (
    <>
      <PageHeader
        title="Tasks"
        headingRef={heading}
        description="Everything you have applied, newest first."
        actions={
          <>
            <Select
              aria-label="Status"
              className="w-40"
              value={filters.status ?? ""}
              onChange={(event) =>
                show({ ...filters, status: (event.target.value || undefined) as TaskStatus })
              }
            >
              <option value="">All statuses</option>
              {TASK_STATUSES.map((one) => (
                <option key={one} value={one}>
                  {statusLabel(one)}
                </option>
              ))}
            </Select>
            <Button asChild variant="secondary">
              <Link href={paths.batches}>Batches</Link>
            </Button>
            {filters.batch === undefined && (anyFailed || retry.isPending) && (
              <RetryAllFailed
                busy={retry.isPending}
                onClick={() => retry.mutate()}
                next={heading}
              />
            )}
          </>
        }
      />
      {filters.batch !== undefined && (
        <>
          <Button
            variant="link"
            size="sm"
            className="mb-3"
            onClick={() => show({ status: filters.status })}
          >
            <X aria-hidden />
            Show the tasks of all batches
          </Button>
          <BatchSummary id={filters.batch} />
        </>
      )}
      <TaskList filters={filters} onReset={() => show({})} />
    </>
  );
}

interface RetryAllFailedProps {
  busy: boolean;
  onClick: () => void;
  /** Gets the focus when this button disappears with it. */
  next: RefObject<HTMLElement | null>;
}

function RetryAllFailed({ busy, onClick, next }: RetryAllFailedProps) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const own = button.current;
    return () => {
      if (own && document.activeElement === own) {
        next.current?.focus();
      }
    };
  }, [next]);
  return (
    <Button ref={button} variant="secondary" busy={busy} onClick={onClick}>
      <RotateCcw aria-hidden />
      Retry all failed
    </Button>
  );
}

function parseFilters(status: string | null, batch: string | null): TaskFilters {
  return {
    status: TASK_STATUSES.find((one) => one === status),
    batch: readId(batch) ?? undefined,
  };
}
