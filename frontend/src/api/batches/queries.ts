import { queryOptions } from "@tanstack/react-query";
import { batchSchema } from "@/api/batches/schema";
import { taskKeys } from "@/api/tasks/queries";
import { api } from "@/lib/api/client";

const POLL_INTERVAL = 1500;

/** A batch, polled until it is finished. */
export const batchQuery = (id: number) =>
  queryOptions({
    queryKey: [...taskKeys.all, "batch", id],
    queryFn: ({ signal }) => api.get(`/batches/${id}/`, { schema: batchSchema, signal }),
    refetchInterval: ({ state }) => (state.data?.finished_at ? false : POLL_INTERVAL),
  });

/** Where the results of a batch are downloaded as one ZIP. */
export const batchZipPath = (id: number) => `/batches/${id}/download/`;
