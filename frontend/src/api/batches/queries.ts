import { queryOptions } from "@tanstack/react-query";
import { type Batch, batchSchema } from "@/api/batches/schema";
import { pagedQuery } from "@/api/page";
import { PAGE_SIZE, taskKeys } from "@/api/tasks/queries";
import { api } from "@/lib/api/client";

const POLL_INTERVAL = 1500;

/** A batch, polled until it is finished. */
export const batchQuery = (id: number) =>
  queryOptions({
    queryKey: [...taskKeys.all, "batch", id],
    queryFn: ({ signal }) => api.get(`/batches/${id}/`, { schema: batchSchema, signal }),
    refetchInterval: ({ state }) => (state.data?.finished_at ? false : POLL_INTERVAL),
  });

/** All batches, newest first. While one of the first page runs, that page is polled. */
export const batchesQuery = {
  ...pagedQuery([...taskKeys.all, "batches"], "/batches/", batchSchema, { page_size: PAGE_SIZE }),
  refetchInterval: ({ state }: { state: { data?: { pages: { results: Batch[] }[] } } }) =>
    state.data?.pages[0]?.results.some((batch) => !batch.finished_at) ? POLL_INTERVAL : false,
};

/** Where the results of a batch are downloaded as one ZIP. */
export const batchZipPath = (id: number) => `/batches/${id}/download/`;
