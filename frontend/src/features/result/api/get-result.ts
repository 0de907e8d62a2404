import { queryOptions } from "@tanstack/react-query";
import { metadataSchema } from "@/api/images/image";
import { api } from "@/lib/api/client";
import { z } from "@/lib/zod";

const schema = z.object({
  id: z.number(),
  /** Link that works for a limited time. */
  file: z.string().nullable(),
  file_name: z.string(),
  source_image: z.number(),
  transformation_task: z.number(),
  metadata: metadataSchema,
  created_at: z.string(),
});

export type Result = z.infer<typeof schema>;

/** Asked for again before its link expires, so that what the page hands out works. */
export const resultQuery = (id: number) =>
  queryOptions({
    queryKey: ["results", id],
    queryFn: ({ signal }) => api.get(`/images/transformed/${id}/`, { schema, signal }),
    staleTime: 60_000,
    refetchInterval: 120_000,
  });
