import { AnswerProblem, ApiProblem, NetworkProblem } from "@/lib/api/problem";

/** An error for people: what went wrong, and what to do. */
interface Explanation {
  title: string;
  detail: string;
}

export function explain(error: unknown): Explanation {
  if (error instanceof NetworkProblem) {
    return navigator.onLine
      ? {
          title: "The server cannot be reached",
          detail: "The server may be restarting. Try again in a moment.",
        }
      : { title: "You are offline", detail: "Try again when you are connected." };
  }
  if (error instanceof AnswerProblem) {
    return { title: "This page may be out of date", detail: error.message };
  }
  if (error instanceof ApiProblem && error.code === "not_found") {
    return {
      title: "Not found",
      detail: "It may have been deleted, or it belongs to another account.",
    };
  }
  if (error instanceof ApiProblem) {
    return { title: error.title, detail: explainProblem(error) };
  }
  return {
    title: "Something went wrong",
    detail: error instanceof Error && error.message ? error.message : "Please try again.",
  };
}

function explainProblem(problem: ApiProblem): string {
  const first = problem.errors[0];
  const detail = first && problem.errors.length === 1 ? first.detail : problem.detail;
  if (problem.status === 429 && problem.extra.retryAfter) {
    return `${detail} Try again in ${problem.extra.retryAfter} s.`;
  }
  if (problem.status >= 500 && problem.extra.requestId) {
    return `${detail} If you report this, mention request ${problem.extra.requestId}.`;
  }
  return detail;
}
