"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Layers } from "lucide-react";
import Link from "next/link";
import { useLiveBatches } from "@/api/batches/live-batches";
import { batchesQuery, batchZipPath } from "@/api/batches/queries";
import type { Batch } from "@/api/batches/schema";
import { DownloadButton } from "@/components/download-button";
import { describeSteps } from "@/components/tasks/describe-steps";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { FactLine } from "@/components/ui/fact-line";
import { PageHeader } from "@/components/ui/page-header";
import { Progress } from "@/components/ui/progress";
import { Skeleton } from "@/components/ui/skeleton";
import { formatDateTime, formatRelative, plural } from "@/lib/format";
import { paths, tasksAddress } from "@/lib/routes";
import { describeCounts } from "../describe-counts";
import { PagedList } from "./paged-list";

/** All batches, newest first. Each leads to its tasks. */
export function BatchesPage() {
  return (
    <>
      <PageHeader
        title="Batches"
        description="Steps that were applied to several images at once, newest first."
        actions={
          <Button asChild variant="secondary">
            <Link href={paths.tasks}>All tasks</Link>
          </Button>
        }
      />
      <List />
    </>
  );
}

function List() {
  const list = useInfiniteQuery(batchesQuery);
  const batches = list.data?.pages.flatMap((page) => page.results) ?? [];
  useLiveBatches(batches);
  return (
    <PagedList
      name="batches"
      query={list}
      items={batches}
      waiting={<Skeleton aria-busy className="h-64 rounded-2xl" />}
      empty={
        <EmptyState
          icon={<Layers aria-hidden />}
          title="No batches yet"
          actions={
            <Button asChild>
              <Link href={paths.gallery}>Go to the gallery</Link>
            </Button>
          }
        >
          Select several images in the gallery and apply a preset to them.
        </EmptyState>
      }
    >
      {(batch) => <Row key={batch.id} batch={batch} />}
    </PagedList>
  );
}

function Row({ batch }: { batch: Batch }) {
  const title = describeSteps(batch.transformations);
  return (
    <li className="flex items-center gap-3 px-4 py-3.5 sm:gap-4 sm:px-5">
      <div className="min-w-0 flex-1">
        <Link
          href={tasksAddress({ batch: batch.id })}
          className="block truncate font-medium text-sm hover:underline pointer-coarse:-my-2.5 pointer-coarse:py-2.5"
        >
          Batch {batch.id}: {title}
        </Link>
        <FactLine className="mt-0.5">
          <span>{plural(batch.total, "image")}</span>
          <span>{describeCounts(batch.counts)}</span>
          <time dateTime={batch.created_at} title={formatDateTime(batch.created_at)}>
            {formatRelative(batch.created_at)}
          </time>
        </FactLine>
        {!batch.finished_at && (
          <Progress
            className="mt-2.5 max-w-md"
            label={`Batch ${batch.id}`}
            value={batch.progress}
          />
        )}
      </div>
      {batch.counts.SUCCESS > 0 && (
        <DownloadButton
          path={batchZipPath(batch.id)}
          aria-label={`Download ZIP of batch ${batch.id}`}
        >
          Download ZIP
        </DownloadButton>
      )}
    </li>
  );
}
