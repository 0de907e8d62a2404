import { z } from "@/lib/zod";

export const TASK_STATUSES = ["PENDING", "IN_PROGRESS", "SUCCESS", "FAILED", "CANCELLED"] as const;

/** How many tasks have each status. */
export const statusCountsSchema = z.object({
  PENDING: z.number(),
  IN_PROGRESS: z.number(),
  SUCCESS: z.number(),
  FAILED: z.number(),
  CANCELLED: z.number(),
});

/** One operation of a pipeline. The page accepts operations that it does not know. */
export const stepSchema = z.object({
  operation: z.string(),
  params: z.record(z.string(), z.unknown()).default({}),
});

export type Step = z.infer<typeof stepSchema>;

export const taskSchema = z.object({
  id: z.number(),
  status: z.enum(TASK_STATUSES),
  original_image: z.number(),
  result_image: z.number().nullable(),
  /** The name of the result's file; null until the task has succeeded. */
  result_name: z.string().nullable(),
  transformations: z.array(stepSchema),
  format: z.string(),
  /** The output options of the request, besides the format. */
  options: z.object({
    /** null for lossless output */
    quality: z.union([z.number(), z.literal("auto")]).nullable(),
    lossless: z.boolean(),
    metadata: z.enum(["keep", "strip"]).nullable(),
    background: z.string().nullable(),
  }),
  /** 0..1 */
  progress: z.number(),
  warnings: z.array(z.object({ code: z.string(), detail: z.string() })),
  attempts: z.number(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
  created_at: z.string(),
});

/** `more`: failed tasks are left. */
export const retriedSchema = z.object({ retried: z.number(), more: z.boolean() });

export type Task = z.infer<typeof taskSchema>;
export type TaskStatus = Task["status"];

/** How long the last attempt ran, s; null if it has not ended. */
export function secondsOf({ started_at, finished_at }: Task): number | null {
  return started_at && finished_at
    ? Math.max(0, (Date.parse(finished_at) - Date.parse(started_at)) / 1000)
    : null;
}

export function isFinished(status: TaskStatus): boolean {
  return status !== "PENDING" && status !== "IN_PROGRESS";
}
