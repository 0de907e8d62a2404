import { type QueryClient, queryOptions, skipToken } from "@tanstack/react-query";
import type { PipelineBody } from "@/api/tasks/pipeline-body";
import { api } from "@/lib/api/client";
import { ApiProblem } from "@/lib/api/problem";

export interface PreviewBody extends PipelineBody {
  /** Write the preview in the format and quality of the result. */
  encoded?: true;
}

/** A small picture of what a pipeline makes of an image. */
export interface Preview {
  /** Object URL of the picture. It works as long as the query is in the cache. */
  url: string;
  /** The body it was made from, as JSON. */
  of: string;
  /** Size of the full result, px; an upper bound where not `exact`. */
  width: number;
  height: number;
  format: string;
  exact: boolean;
}

const ALL = ["previews"];
/** How many previews without an observer stay in the cache. */
const MAX_UNOBSERVED = 24;
const BUSY_PAUSE = 700;

/** @param body JSON of a `PreviewBody`; null: nothing is fetched */
export const previewQuery = (imageId: number, body: string | null) =>
  queryOptions({
    queryKey: [...ALL, imageId, body],
    queryFn:
      body === null
        ? skipToken
        : async ({ signal, client }) => {
            const preview = await fetchPreview(imageId, body, signal);
            removeOldest(client);
            return preview;
          },
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: "always",
    refetchOnWindowFocus: false,
    retry: (failures, error) => failures < 2 && busyPause(error, failures) !== null,
    retryDelay: (failures, error) => busyPause(error, failures) ?? 0,
    meta: { release: (preview: unknown) => URL.revokeObjectURL((preview as Preview).url) },
  });

async function fetchPreview(imageId: number, body: string, signal: AbortSignal): Promise<Preview> {
  const answer = await api.raw("POST", `/images/${imageId}/preview/`, {
    body: JSON.parse(body) as PreviewBody,
    signal,
  });
  const blob = await answer.blob();
  signal.throwIfAborted();
  return {
    url: URL.createObjectURL(blob),
    of: body,
    width: Number(answer.headers.get("Full-Width")),
    height: Number(answer.headers.get("Full-Height")),
    format: answer.headers.get("Full-Format") ?? "",
    exact: answer.headers.get("Full-Exact") !== "false",
  };
}

function removeOldest(client: QueryClient): void {
  const cache = client.getQueryCache();
  const unobserved = cache
    .findAll({ queryKey: ALL })
    .filter((query) => query.getObserversCount() === 0)
    .sort((one, other) => other.state.dataUpdatedAt - one.state.dataUpdatedAt);
  for (const query of unobserved.slice(MAX_UNOBSERVED)) {
    cache.remove(query);
  }
}

/** The pause before the request is repeated, ms; null if the server is not too busy. */
function busyPause(error: unknown, failures: number): number | null {
  if (!(error instanceof ApiProblem)) {
    return null;
  }
  if (error.status === 429) {
    return (error.extra.retryAfter ?? 1) * 1000;
  }
  return error.status === 503 ? BUSY_PAUSE * (failures + 1) : null;
}
