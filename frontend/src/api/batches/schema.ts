import { statusCountsSchema } from "@/api/tasks/schema";
import { z } from "@/lib/zod";

export const batchSchema = z.object({
  id: z.number(),
  total: z.number(),
  counts: statusCountsSchema,
  /** Share of the tasks that have ended, 0..1. */
  progress: z.number(),
  finished_at: z.string().nullable(),
});

export type Batch = z.infer<typeof batchSchema>;
