import { statusCountsSchema, stepSchema } from "@/api/tasks/schema";
import { z } from "@/lib/zod";

export const batchSchema = z.object({
  id: z.number(),
  transformations: z.array(stepSchema),
  /** null: each image keeps its own */
  format: z.string().nullable(),
  total: z.number(),
  counts: statusCountsSchema,
  /** Share of the tasks that have ended, 0..1. */
  progress: z.number(),
  finished_at: z.string().nullable(),
  created_at: z.string(),
});

export type Batch = z.infer<typeof batchSchema>;
