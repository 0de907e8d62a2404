"use client";

import { useQuery } from "@tanstack/react-query";
import { ChartColumn } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { statsQuery } from "@/api/stats/queries";
import { TASK_STATUSES } from "@/api/tasks/schema";
import { usageQuery } from "@/api/usage/queries";
import type { Quota } from "@/api/usage/schema";
import { loadPart } from "@/components/lazy-part";
import { Button } from "@/components/ui/button";
import { Card, Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { formatBytes, formatDate, formatNumber, formatSeconds, titleOf } from "@/lib/format";
import { paths } from "@/lib/routes";
import { StatCard } from "./stat-card";
import { StatusBar } from "./status-bar";

const DayChart = dynamic(() => loadPart(() => import("./day-chart").then((all) => all.default)), {
  ssr: false,
  loading: () => <Skeleton className="size-full" />,
});

const MOST_OPERATIONS = 8;

/** Images, storage and quotas, and statistics of the tasks. */
export function DashboardPage() {
  const stats = useQuery(statsQuery);
  const usage = useQuery(usageQuery);
  if (stats.isError && !stats.data) {
    return (
      <>
        <PageHeader title="Dashboard" />
        <Card>
          <ErrorState query={stats} />
        </Card>
      </>
    );
  }
  const counts = stats.data?.tasks.by_status;
  const total = counts && TASK_STATUSES.reduce((sum, status) => sum + counts[status], 0);
  const storage = usage.data?.bytes_stored;
  const month = usage.data?.tasks_this_month;
  const seconds = stats.data?.seconds;
  return (
    <>
      <PageHeader title="Dashboard" description="Your last 30 days." />
      <div className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4">
        <StatCard
          label="Images"
          value={stats.data && formatNumber(stats.data.images)}
          detail="originals in the gallery"
        />
        <StatCard
          label="Storage"
          value={storage && formatBytes(storage.used)}
          detail={storage && limitText(storage, formatBytes)}
          share={shareOf(storage)}
        />
        <StatCard
          label="Tasks this month"
          value={month && formatNumber(month.used)}
          detail={
            month &&
            `${limitText(month, formatNumber)}; starts again on ${formatDate(month.resets_at)}`
          }
          share={shareOf(month)}
        />
        <StatCard
          label="Time per task"
          value={seconds && (seconds.median === null ? "–" : formatSeconds(seconds.median))}
          detail={
            seconds?.percentile_95 != null
              ? `median; 95 of 100 take less than ${formatSeconds(seconds.percentile_95)}`
              : "median, once tasks have ended"
          }
        />
      </div>
      {stats.data && total === 0 ? (
        <Card className="mt-6">
          <EmptyState
            icon={<ChartColumn aria-hidden />}
            title="No statistics yet"
            actions={
              <Button asChild>
                <Link href={paths.gallery}>Go to the gallery</Link>
              </Button>
            }
          >
            Upload an image and apply some steps to it. Your statistics will appear here.
          </EmptyState>
        </Card>
      ) : (
        <div className="mt-6 grid gap-6 lg:grid-cols-3">
          <Section title="Tasks by day" className="lg:col-span-2">
            <div className="h-72">
              {stats.data ? (
                <DayChart days={stats.data.tasks.by_day} />
              ) : (
                <Skeleton className="size-full" />
              )}
            </div>
          </Section>
          <Section title="Tasks by status">
            {counts ? <StatusBar counts={counts} /> : <Skeleton className="h-56" />}
          </Section>
          <Section title="Most used steps" className="lg:col-span-3">
            {stats.data ? (
              <Operations operations={stats.data.operations.slice(0, MOST_OPERATIONS)} />
            ) : (
              <Skeleton className="h-40" />
            )}
          </Section>
        </div>
      )}
    </>
  );
}

function Operations({
  operations,
}: {
  operations: readonly { operation: string; count: number }[];
}) {
  const most = Math.max(1, ...operations.map(({ count }) => count));
  if (operations.length === 0) {
    return <p className="text-muted-foreground text-sm">None yet.</p>;
  }
  return (
    <ol className="grid gap-x-10 gap-y-3 sm:grid-cols-2">
      {operations.map(({ operation, count }) => (
        <li key={operation} className="grid grid-cols-[8rem_1fr_auto] items-center gap-3 text-sm">
          <span className="truncate">{titleOf(operation)}</span>
          <span aria-hidden className="h-2 rounded-full bg-muted">
            <span
              className="block h-full rounded-full bg-chart-1"
              style={{ width: `${(count / most) * 100}%` }}
            />
          </span>
          <span className="text-muted-foreground tabular-nums">{formatNumber(count)}</span>
        </li>
      ))}
    </ol>
  );
}

function shareOf(quota: Quota | undefined): number | undefined {
  return quota?.limit ? quota.used / quota.limit : undefined;
}

function limitText({ limit }: Quota, format: (value: number) => string): string {
  return limit === null ? "no limit" : `of ${format(limit)}`;
}
