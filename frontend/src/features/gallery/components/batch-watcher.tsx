"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { batchQuery, batchZipPath } from "@/api/batches/queries";
import type { Batch } from "@/api/batches/schema";
import { taskKeys } from "@/api/tasks/queries";
import { startDownload } from "@/lib/api/download";
import { toastError } from "@/lib/errors/toast-error";
import { plural } from "@/lib/format";
import { toast } from "@/lib/toast";
import { unwatchBatch, useWatchedBatches } from "../watched-batches";

/** Show the progress of running batches as toasts on every page, and offer the ZIP at the end. */
export function BatchWatcher() {
  const batches = useWatchedBatches((state) => state.batches);
  return batches.map((id) => <Watch key={id} id={id} />);
}

function Watch({ id }: { id: number }) {
  const queries = useQueryClient();
  const { data: batch } = useQuery(batchQuery(id));
  useEffect(() => {
    if (!batch) {
      return;
    }
    showProgress(batch);
    if (batch.finished_at) {
      unwatchBatch(id);
      void queries.invalidateQueries({ queryKey: taskKeys.all });
    }
  }, [batch, id, queries]);
  return null;
}

function showProgress({ id, total, counts, finished_at }: Batch): void {
  const toastId = `batch-${id}`;
  if (!finished_at) {
    const ended = total - counts.PENDING - counts.IN_PROGRESS;
    toast.progress(`${ended} of ${plural(total, "image")} done`, { id: toastId });
    return;
  }
  const failed = counts.FAILED + counts.CANCELLED;
  const action =
    counts.SUCCESS > 0 ? { label: "Download ZIP", run: () => void download(id) } : undefined;
  if (failed > 0) {
    toast.error(`${failed} of ${plural(total, "image")} failed`, {
      id: toastId,
      description: "See the tasks page for the reasons.",
      duration: Number.POSITIVE_INFINITY,
      action,
    });
  } else {
    toast.success(`${plural(total, "image")} ready`, {
      id: toastId,
      duration: Number.POSITIVE_INFINITY,
      action,
    });
  }
}

async function download(id: number): Promise<void> {
  try {
    await startDownload(batchZipPath(id));
  } catch (error) {
    toastError(error, "The ZIP could not be downloaded");
  }
}
