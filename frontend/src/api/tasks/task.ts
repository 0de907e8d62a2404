import { z } from "@/lib/zod";

export const TASK_STATUSES = ["PENDING", "IN_PROGRESS", "SUCCESS", "FAILED", "CANCELLED"] as const;

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
  /** Link to the result's bytes that works for a limited time. */
  result_url: z.string().nullable(),
  transformations: z.array(stepSchema),
  format: z.string(),
  quality: z.number().nullable(),
  /** How the result was asked to be written, beside its format. */
  options: z.object({
    /** null where nothing is lost */
    quality: z.union([z.number(), z.literal("auto")]).nullable(),
    lossless: z.boolean(),
    metadata: z.enum(["keep", "strip"]).nullable(),
    background: z.string().nullable(),
  }),
  batch: z.number().nullable(),
  /** 0..1 */
  progress: z.number(),
  warnings: z.array(z.object({ code: z.string(), detail: z.string() })),
  attempts: z.number(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  queued_at: z.string(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});

export type Task = z.infer<typeof taskSchema>;
export type TaskStatus = Task["status"];

export function isFinished(status: TaskStatus): boolean {
  return status !== "PENDING" && status !== "IN_PROGRESS";
}
