import { type DefaultOptions, QueryClient } from "@tanstack/react-query";
import { AnswerProblem, ApiProblem } from "@/lib/api/problem";
import { isUnreachable, onServerReturn } from "@/lib/api/server-return";

declare module "@tanstack/react-query" {
  interface Register {
    queryMeta: {
      /** Frees what the query's data holds, such as an object URL, when it leaves the cache. */
      release?: (data: unknown) => void;
    };
  }
}

/** Whether a repetition of the request may succeed. */
function isTemporary(error: Error): boolean {
  if (error instanceof AnswerProblem) {
    return false;
  }
  return !(error instanceof ApiProblem) || error.status === 429 || error.status >= 500;
}

const DEFAULTS: DefaultOptions = {
  queries: {
    staleTime: 10_000,
    gcTime: 10 * 60_000,
    retry: (failures, error) => failures < 2 && isTemporary(error),
    retryDelay: (failures, error) =>
      error instanceof ApiProblem && error.extra.retryAfter
        ? error.extra.retryAfter * 1000
        : Math.min(1000 * 2 ** failures, 8000),
  },
  mutations: { retry: false },
};

/** Queries that found the server away are fetched again as soon as it answers. */
export function makeQueryClient(): QueryClient {
  const client = new QueryClient({ defaultOptions: DEFAULTS });
  const resume = () =>
    client.refetchQueries({
      type: "active",
      predicate: ({ state }) => isUnreachable(state.error),
    });
  client.getQueryCache().subscribe(({ type, query }) => {
    if (type === "removed" && query.state.data !== undefined) {
      query.meta?.release?.(query.state.data);
    }
    if (
      type === "updated" &&
      query.state.fetchStatus === "idle" &&
      isUnreachable(query.state.error)
    ) {
      onServerReturn(resume);
    }
  });
  return client;
}
