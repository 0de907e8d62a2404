import Link from "next/link";
import type { Stats } from "@/api/stats/schema";
import { TASK_STATUSES } from "@/api/tasks/schema";
import { statusLabel } from "@/components/tasks/status-badge";
import { formatNumber } from "@/lib/format";
import { tasksAddress } from "@/lib/routes";
import { CHART_COLORS } from "./chart-colors";

/** The number of tasks by status as a bar. Each entry of its legend links to these tasks. */
export function StatusBar({ counts }: { counts: Stats["tasks"]["by_status"] }) {
  const total = TASK_STATUSES.reduce((sum, status) => sum + counts[status], 0);
  return (
    <>
      <div aria-hidden className="flex h-3 gap-0.5 overflow-hidden rounded-full bg-muted">
        {TASK_STATUSES.filter((status) => counts[status] > 0).map((status) => (
          <div
            key={status}
            style={{ flexGrow: counts[status] / total, background: CHART_COLORS[status] }}
            className="min-w-1"
          />
        ))}
      </div>
      <ul className="mt-4 flex flex-col gap-1">
        {TASK_STATUSES.map((status) => (
          <li key={status}>
            <Link
              href={tasksAddress({ status })}
              className="-mx-2 flex items-center gap-2.5 rounded-md px-2 py-1.5 text-sm pointer-coarse:py-2.5 transition-colors hover:bg-muted"
            >
              <span
                aria-hidden
                className="size-2.5 rounded-full"
                style={{ background: CHART_COLORS[status] }}
              />
              <span className="flex-1">{statusLabel(status)}</span>
              <span className="tabular-nums">{formatNumber(counts[status])}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
