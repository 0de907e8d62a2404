import { Ban, Check, Clock, LoaderCircle, TriangleAlert } from "lucide-react";
import type { ComponentType } from "react";
import type { TaskStatus } from "@/api/tasks/schema";
import { Badge } from "@/components/ui/badge";

type Look = {
  label: string;
  tone: "neutral" | "primary" | "success" | "danger";
  icon: ComponentType<{ className?: string; "aria-hidden"?: boolean }>;
};

const LOOKS: Record<TaskStatus, Look> = {
  PENDING: { label: "Waiting", tone: "neutral", icon: Clock },
  IN_PROGRESS: { label: "Running", tone: "primary", icon: LoaderCircle },
  SUCCESS: { label: "Done", tone: "success", icon: Check },
  FAILED: { label: "Failed", tone: "danger", icon: TriangleAlert },
  CANCELLED: { label: "Cancelled", tone: "neutral", icon: Ban },
};

/** The label of a status. */
export function statusLabel(status: TaskStatus): string {
  return LOOKS[status].label;
}

export function StatusBadge({ status }: { status: TaskStatus }) {
  const { label, tone, icon: Icon } = LOOKS[status];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className={status === "IN_PROGRESS" ? "animate-spin" : undefined} />
      {label}
    </Badge>
  );
}
