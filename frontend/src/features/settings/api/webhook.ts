import { z } from "@/lib/zod";

export const EVENTS = ["task.succeeded", "task.failed", "batch.finished"] as const;

export const webhookSchema = z.object({
  id: z.number(),
  url: z.string(),
  description: z.string(),
  events: z.array(z.string()),
  enabled: z.boolean(),
  /** Why the service disabled it; null where a person did, or nobody. */
  disabled_reason: z.string().nullable(),
  failing_since: z.string().nullable(),
  created_at: z.string(),
});

/** The secret is in this answer only, and null where an earlier one had it that got lost. */
export const secretWebhookSchema = webhookSchema.extend({
  secret: z.string().nullable(),
  detail: z.string(),
});

export type WebhookEvent = (typeof EVENTS)[number];
export type Webhook = z.infer<typeof webhookSchema>;
export type SecretWebhook = z.infer<typeof secretWebhookSchema>;
