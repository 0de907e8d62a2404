import { queryOptions } from "@tanstack/react-query";
import { batchSchema } from "@/api/batches/batch";
import { api } from "@/lib/api/client";

export const batchQuery = (id: number) =>
  queryOptions({
    queryKey: ["batches", id],
    queryFn: ({ signal }) => api.get(`/batches/${id}/`, { schema: batchSchema, signal }),
  });
