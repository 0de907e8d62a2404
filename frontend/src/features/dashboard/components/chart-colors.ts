import type { TaskStatus } from "@/api/tasks/schema";

export const CHART_COLORS: Record<TaskStatus, string> = {
  SUCCESS: "var(--chart-1)",
  IN_PROGRESS: "var(--chart-2)",
  PENDING: "var(--chart-3)",
  FAILED: "var(--chart-4)",
  CANCELLED: "var(--chart-5)",
};
