import { queryOptions } from "@tanstack/react-query";
import { resultSchema } from "@/api/results/schema";
import { api } from "@/lib/api/client";

/** A result, refetched before its link expires, so that the links on the page always work. */
export const resultQuery = (id: number) =>
  queryOptions({
    queryKey: ["results", id],
    queryFn: ({ signal }) =>
      api.get(`/images/transformed/${id}/`, { schema: resultSchema, signal }),
    staleTime: 60_000,
    refetchInterval: 120_000,
  });

/** Where the file of a result is downloaded. */
export const resultFilePath = (id: number) => `/images/transformed/${id}/download/`;
