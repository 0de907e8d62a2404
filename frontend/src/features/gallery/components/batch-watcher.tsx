"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Batch } from "@/api/batches/batch";
import { taskKeys } from "@/api/tasks/keys";
import { downloadFrom } from "@/lib/download";
import { explain } from "@/lib/errors/explain";
import { plural } from "@/lib/format";
import { toast } from "@/lib/toast";
import { batchQuery } from "../api/get-batch";
import { unwatchBatch, useWatchedBatches } from "../watched-batches";

const INTERVAL = 1500;

/** Says on every page how far the batches are that were started, and offers their ZIP at the end. */
export function BatchWatcher() {
  const batches = useWatchedBatches((state) => state.batches);
  return batches.map((id) => <Watch key={id} id={id} />);
}

function Watch({ id }: { id: number }) {
  const queries = useQueryClient();
  const { data: batch } = useQuery({
    ...batchQuery(id),
    refetchInterval: ({ state }) => (state.data?.finished_at ? false : INTERVAL),
  });
  useEffect(() => {
    if (!batch) {
      return;
    }
    tell(batch);
    if (batch.finished_at) {
      unwatchBatch(id);
      void queries.invalidateQueries({ queryKey: taskKeys.all });
    }
  }, [batch, id, queries]);
  return null;
}

function tell({ id, total, counts, finished_at }: Batch): void {
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
      description: "The tasks page says why.",
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
    await downloadFrom(`/batches/${id}/download/`);
  } catch (error) {
    toast.error("The ZIP could not be downloaded", { description: explain(error).detail });
  }
}
