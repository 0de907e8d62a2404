"use client";

import { useQuery } from "@tanstack/react-query";
import { Ban, RotateCcw } from "lucide-react";
import { useCancelBatch } from "@/api/batches/mutations";
import { batchQuery, batchZipPath } from "@/api/batches/queries";
import type { Batch } from "@/api/batches/schema";
import { useRetryFailed } from "@/api/tasks/mutations";
import { DownloadButton } from "@/components/download-button";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ErrorState } from "@/components/ui/error-state";
import { Progress } from "@/components/ui/progress";
import { Skeleton } from "@/components/ui/skeleton";
import { plural } from "@/lib/format";
import { describeCounts } from "../describe-counts";

/** The progress of a batch, and the actions for all of its tasks. */
export function BatchSummary({ id }: { id: number }) {
  const batch = useQuery(batchQuery(id));
  if (batch.isError && !batch.data) {
    return (
      <Card className="mb-4">
        <ErrorState query={batch} className="py-8 sm:py-8" />
      </Card>
    );
  }
  return (
    <Card className="mb-4 p-4 sm:p-5">
      {batch.data ? <Summary batch={batch.data} /> : <Skeleton className="h-20" />}
    </Card>
  );
}

function Summary({ batch }: { batch: Batch }) {
  const cancel = useCancelBatch(batch.id);
  const retry = useRetryFailed(batch.id);
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="min-w-0">
          <h2 className="font-semibold text-base tracking-tight">
            Batch {batch.id}: {plural(batch.total, "image")}
          </h2>
          <p className="mt-0.5 text-muted-foreground text-sm" aria-live="polite">
            {describeCounts(batch.counts)}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {!batch.finished_at && (
            <Button
              variant="secondary"
              size="sm"
              busy={cancel.isPending}
              onClick={() => cancel.mutate()}
            >
              <Ban aria-hidden />
              Cancel the rest
            </Button>
          )}
          {batch.counts.FAILED > 0 && (
            <Button
              variant="secondary"
              size="sm"
              busy={retry.isPending}
              onClick={() => retry.mutate()}
            >
              <RotateCcw aria-hidden />
              Retry {batch.counts.FAILED} failed
            </Button>
          )}
          {batch.counts.SUCCESS > 0 && (
            <DownloadButton path={batchZipPath(batch.id)}>Download ZIP</DownloadButton>
          )}
        </div>
      </div>
      <Progress
        className="mt-4"
        label={`Batch ${batch.id}`}
        value={batch.progress}
        tone={toneOf(batch)}
      />
    </>
  );
}

/** Red if every task of a finished batch failed; green if none did. */
function toneOf({ finished_at, counts, total }: Batch): "primary" | "danger" | "success" {
  if (!finished_at) {
    return "primary";
  }
  return counts.FAILED === 0 ? "success" : counts.FAILED === total ? "danger" : "primary";
}
