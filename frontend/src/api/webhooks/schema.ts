import type { WebhookEvent as DocumentedEvent } from "@/api/generated";
import { TASK_STATUSES } from "@/api/tasks/schema";
import { z } from "@/lib/zod";

export const EVENTS = [
  "task.succeeded",
  "task.failed",
  "batch.finished",
] as const satisfies DocumentedEvent[];

export const webhookSchema = z.object({
  id: z.number(),
  url: z.string(),
  description: z.string(),
  events: z.array(z.string()),
  enabled: z.boolean(),
  /** Why the server disabled it; null if it is enabled or a person disabled it. */
  disabled_reason: z.string().nullable(),
  failing_since: z.string().nullable(),
  created_at: z.string(),
});

/** The only answer that holds the secret. `secret` is null when the server replays a lost answer. */
export const secretWebhookSchema = webhookSchema.extend({
  secret: z.string().nullable(),
  detail: z.string(),
});

const attemptSchema = z.object({
  at: z.string(),
  milliseconds: z.number(),
  /** HTTP status; null: no answer came. */
  status: z.number().nullable(),
  /** The beginning of the answer. */
  body: z.string(),
  /** null: the receiver accepted the message. */
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
});

/** A message for one webhook, with its attempts. */
export const deliverySchema = z.object({
  id: z.number(),
  webhook: z.number(),
  event: z.string(),
  status: z.enum(TASK_STATUSES),
  /** The last attempts, in order. */
  attempts: z.array(attemptSchema),
  next_attempt_at: z.string().nullable(),
  created_at: z.string(),
});

export type WebhookEvent = (typeof EVENTS)[number];
export type Webhook = z.infer<typeof webhookSchema>;
export type SecretWebhook = z.infer<typeof secretWebhookSchema>;
export type Attempt = z.infer<typeof attemptSchema>;
export type Delivery = z.infer<typeof deliverySchema>;
