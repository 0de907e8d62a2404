import { statusCountsSchema } from "@/api/tasks/schema";
import { z } from "@/lib/zod";

export const statsSchema = z.object({
  images: z.number(),
  tasks: z.object({
    by_status: statusCountsSchema,
    /** Days in UTC, oldest first. */
    by_day: z.array(
      z.object({ day: z.string(), tasks: statusCountsSchema }).transform(({ day, tasks }) => ({
        date: day,
        ...tasks,
      })),
    ),
  }),
  operations: z.array(z.object({ operation: z.string(), count: z.number() })),
  seconds: z.object({
    median: z.number().nullable(),
    percentile_95: z.number().nullable(),
  }),
});

export type Stats = z.infer<typeof statsSchema>;
