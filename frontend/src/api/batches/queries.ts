import { queryOptions } from "@tanstack/react-query";
import { batchSchema } from "@/api/batches/schema";
import { pagedQuery } from "@/api/page";
import { PAGE_SIZE, taskKeys } from "@/api/tasks/queries";
import { api } from "@/lib/api/client";

/** ms */
export const POLL_INTERVAL = 1500;

/** The query string of the first page of all batches. */
export const FIRST_PAGE = { page_size: PAGE_SIZE };

/** A batch, polled until it is finished. */
export const batchQuery = (id: number) =>
  queryOptions({
    queryKey: [...taskKeys.all, "batch", id],
    queryFn: ({ signal }) => api.get(`/batches/${id}/`, { schema: batchSchema, signal }),
    refetchInterval: ({ state }) => (state.data?.finished_at ? false : POLL_INTERVAL),
  });

/** All batches, newest first. `useLiveBatches` keeps them current. */
export const batchesQuery = pagedQuery(
  [...taskKeys.all, "batches"],
  "/batches/",
  batchSchema,
  FIRST_PAGE,
);

/** Where the results of a batch are downloaded as one ZIP. */
export const batchZipPath = (id: number) => `/batches/${id}/download/`;
