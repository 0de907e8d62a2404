import { queryOptions, skipToken } from "@tanstack/react-query";
import type { PipelineBody } from "@/api/tasks/pipeline-body";
import { api } from "@/lib/api/client";

/**
 * About how many bytes the file of a result will have; null where there is no estimate.
 *
 * @param body JSON of a `PipelineBody`; null: nothing is fetched
 */
export const fileSizeQuery = (imageId: number, body: string | null) =>
  queryOptions({
    queryKey: ["file-sizes", imageId, body],
    queryFn:
      body === null
        ? skipToken
        : async ({ signal }) => {
            const answer = await api.raw("POST", `/images/${imageId}/file-size/`, {
              body: JSON.parse(body) as PipelineBody,
              signal,
            });
            return ((await answer.json()) as { bytes: number | null }).bytes;
          },
    // A busy server gives no estimate, so the next visit of the pipeline asks again.
    staleTime: ({ state }) => (state.data === null ? 0 : Number.POSITIVE_INFINITY),
    networkMode: "always",
    refetchOnWindowFocus: false,
    retry: false,
  });
