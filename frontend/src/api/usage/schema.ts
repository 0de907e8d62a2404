import { z } from "@/lib/zod";

const quotaSchema = z.object({
  used: z.number(),
  /** null: unlimited */
  limit: z.number().nullable(),
});

export const usageSchema = z.object({
  bytes_stored: quotaSchema,
  tasks_this_month: quotaSchema.extend({ resets_at: z.string() }),
});

export type Quota = z.infer<typeof quotaSchema>;
