import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { Progress } from "@/components/ui/progress";
import { Skeleton } from "@/components/ui/skeleton";

interface StatCardProps {
  label: string;
  /** undefined while loading */
  value: ReactNode | undefined;
  detail?: ReactNode;
  /** Share of a limit, 0..1. */
  share?: number;
}

/** A number with its label. It has the same size while loading. */
export function StatCard({ label, value, detail, share }: StatCardProps) {
  return (
    <Card className="flex min-h-32 min-w-0 flex-col p-4 sm:p-5">
      <p className="text-muted-foreground text-sm">{label}</p>
      {value === undefined ? (
        <Skeleton className="mt-2 h-8 w-24" />
      ) : (
        <p className="mt-1 font-semibold text-2xl tabular-nums tracking-tight">{value}</p>
      )}
      <p className="mt-1 mb-2 text-muted-foreground text-xs">{detail}</p>
      {share !== undefined && (
        <Progress
          className="mt-auto"
          label={`${label}, share of the quota`}
          value={Math.min(1, share)}
          tone={share > 0.9 ? "danger" : "primary"}
        />
      )}
    </Card>
  );
}
