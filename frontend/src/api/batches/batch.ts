import { z } from "@/lib/zod";

export const batchSchema = z.object({
  id: z.number(),
  total: z.number(),
  counts: z.object({
    PENDING: z.number(),
    IN_PROGRESS: z.number(),
    SUCCESS: z.number(),
    FAILED: z.number(),
    CANCELLED: z.number(),
  }),
  /** 0..1 */
  progress: z.number(),
  finished_at: z.string().nullable(),
  created_at: z.string(),
});

export type Batch = z.infer<typeof batchSchema>;
