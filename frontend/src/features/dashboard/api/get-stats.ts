import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import { z } from "@/lib/zod";

const counts = z.object({
  PENDING: z.number(),
  IN_PROGRESS: z.number(),
  SUCCESS: z.number(),
  FAILED: z.number(),
  CANCELLED: z.number(),
});

const schema = z.object({
  images: z.number(),
  bytes: z.number(),
  tasks: z.object({
    by_status: counts,
    /** In UTC, oldest first. */
    by_day: z.array(
      z.object({ day: z.string(), tasks: counts }).transform(({ day, tasks }) => ({
        date: day,
        ...tasks,
      })),
    ),
  }),
  operations: z.array(z.object({ operation: z.string(), count: z.number() })),
  seconds: z.object({
    measured: z.number(),
    median: z.number().nullable(),
    percentile_95: z.number().nullable(),
  }),
});

export type Stats = z.infer<typeof schema>;

export const statsQuery = queryOptions({
  queryKey: ["stats"],
  queryFn: ({ signal }) => api.get("/stats/", { schema, signal }),
  refetchInterval: 15_000,
});
