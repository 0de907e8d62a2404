import { QueryClient } from "@tanstack/react-query";
import { AnswerProblem, ApiProblem } from "@/lib/api/problem";

/** 429 and 5xx may pass; any other answer is final. */
function mayPass(error: Error): boolean {
  if (error instanceof AnswerProblem) {
    return false;
  }
  return !(error instanceof ApiProblem) || error.status === 429 || error.status >= 500;
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        gcTime: 10 * 60_000,
        retry: (failures, error) => failures < 2 && mayPass(error),
        retryDelay: (failures, error) =>
          error instanceof ApiProblem && error.extra.retryAfter
            ? error.extra.retryAfter * 1000
            : Math.min(1000 * 2 ** failures, 8000),
      },
      mutations: { retry: false },
    },
  });
}
