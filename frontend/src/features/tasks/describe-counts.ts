import type { Batch } from "@/api/batches/schema";
import { TASK_STATUSES } from "@/api/tasks/schema";
import { statusLabel } from "@/components/tasks/status-badge";

/** "2 running, 5 done": the states that some task of the batch has. */
export function describeCounts(counts: Batch["counts"]): string {
  return TASK_STATUSES.filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${statusLabel(status).toLowerCase()}`)
    .join(", ");
}
