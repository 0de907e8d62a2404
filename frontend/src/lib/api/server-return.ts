import { apiAddress } from "@/lib/api/client";
import { ApiProblem, NetworkProblem } from "@/lib/api/problem";

/** The pause before the server is asked whether it answers again, ms. */
const PAUSE = 3000;
const GATEWAY_ERRORS = new Set([502, 503, 504]);

const waiting = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let asking = false;

/** Whether no answer of the service came: the connection was lost, or a proxy answered for it. */
export function isUnreachable(error: unknown): boolean {
  return (
    error instanceof NetworkProblem ||
    (error instanceof ApiProblem && error.code === "unknown" && GATEWAY_ERRORS.has(error.status))
  );
}

/**
 * Call `resume` once, when the server answers again. However many callers wait, one small request
 * at a time asks for it. A page in the background does not ask.
 *
 * @returns a function that removes `resume`
 */
export function onServerReturn(resume: () => void): () => void {
  waiting.add(resume);
  schedule();
  return () => waiting.delete(resume);
}

function schedule(): void {
  if (waiting.size > 0 && timer === undefined && !asking) {
    timer = setTimeout(ask, PAUSE);
  }
}

async function ask(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  if (waiting.size === 0 || asking || document.hidden) {
    return; // a page that is shown again asks then
  }
  asking = true;
  const answers = await doesAnswer();
  asking = false;
  if (answers) {
    const resumed = [...waiting];
    waiting.clear();
    for (const resume of resumed) {
      resume();
    }
  }
  schedule();
}

async function doesAnswer(): Promise<boolean> {
  try {
    const address = await apiAddress("/operations/");
    // The browser may keep this answer for minutes, and would give it while the server is away.
    const { status } = await fetch(address, { method: "HEAD", cache: "no-store" });
    return !GATEWAY_ERRORS.has(status);
  } catch {
    return false;
  }
}

if (typeof window !== "undefined") {
  addEventListener("online", () => void ask());
  document.addEventListener("visibilitychange", () => void ask());
}
