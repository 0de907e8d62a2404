import { queryOptions } from "@tanstack/react-query";
import { batchSchema } from "@/api/batches/batch";
import { taskKeys } from "@/api/tasks/keys";
import { api } from "@/lib/api/client";

const EVERY = 1500;

/** A batch, asked for again until it is finished. */
export const batchQuery = (id: number) =>
  queryOptions({
    queryKey: [...taskKeys.all, "batch", id],
    queryFn: ({ signal }) => api.get(`/batches/${id}/`, { schema: batchSchema, signal }),
    refetchInterval: ({ state }) => (state.data?.finished_at ? false : EVERY),
  });
