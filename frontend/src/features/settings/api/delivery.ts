import { TASK_STATUSES } from "@/api/tasks/task";
import { z } from "@/lib/zod";

const attemptSchema = z.object({
  at: z.string(),
  milliseconds: z.number(),
  /** HTTP status; null: there was no answer. */
  status: z.number().nullable(),
  /** The beginning of the answer. */
  body: z.string(),
  /** null: it was accepted. */
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
});

export const deliverySchema = z.object({
  id: z.number(),
  webhook: z.number(),
  event: z.string(),
  /** The header `webhook-id` of every attempt. */
  webhook_id: z.string(),
  status: z.enum(TASK_STATUSES),
  /** In order, the last ones. */
  attempts: z.array(attemptSchema),
  next_attempt_at: z.string().nullable(),
  created_at: z.string(),
  finished_at: z.string().nullable(),
});

export type Attempt = z.infer<typeof attemptSchema>;
export type Delivery = z.infer<typeof deliverySchema>;
