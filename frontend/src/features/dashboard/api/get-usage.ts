import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import { z } from "@/lib/zod";

const quota = z.object({ used: z.number(), limit: z.number().nullable() });

const schema = z.object({
  bytes_stored: quota,
  tasks_this_month: quota.extend({ resets_at: z.string() }),
  concurrent_tasks: quota,
});

export type Quota = z.infer<typeof quota>;

export const usageQuery = queryOptions({
  queryKey: ["usage"],
  queryFn: ({ signal }) => api.get("/usage/", { schema, signal }),
  refetchInterval: 15_000,
});
