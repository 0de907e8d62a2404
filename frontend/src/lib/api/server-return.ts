import { apiAddress } from "@/lib/api/client";
import { ApiProblem, NetworkProblem } from "@/lib/api/problem";

/** The shortest and the longest pause before the server is asked whether it answers again, ms. */
const PAUSE = 3000;
const LONGEST_PAUSE = 60_000;
/** Each pause is longer by up to this part of it, so that not all pages ask at the same time. */
const JITTER = 0.25;
/** A server that is overloaded may accept a request and never answer it, ms. */
const TIMEOUT = 5000;
const GATEWAY_ERRORS = new Set([502, 503, 504]);

/** Repeats what failed. The promise ends when that has succeeded or failed. */
type Resume = () => Promise<unknown>;

const waiting = new Set<Resume>();
let pause = PAUSE;
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
 * A server may answer that request and still fail at others. So the pause doubles with each time that
 * `resume` is called, until what it repeats has succeeded.
 *
 * @returns a function that removes `resume`
 */
export function onServerReturn(resume: Resume): () => void {
  waiting.add(resume);
  schedule();
  return () => {
    if (waiting.delete(resume) && waiting.size === 0) {
      clearTimeout(timer);
      timer = undefined;
      pause = PAUSE;
    }
  };
}

function schedule(): void {
  if (waiting.size > 0 && timer === undefined && !asking) {
    timer = setTimeout(ask, pause * (1 + Math.random() * JITTER));
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
    void resumeAll();
  }
  schedule();
}

/** Call all that wait. Those that fail again wait again, and longer. */
async function resumeAll(): Promise<void> {
  const resumed = [...waiting];
  waiting.clear();
  pause = Math.min(pause * 2, LONGEST_PAUSE);
  await Promise.allSettled(resumed.map((resume) => resume()));
  if (waiting.size === 0) {
    pause = PAUSE;
  }
}

async function doesAnswer(): Promise<boolean> {
  try {
    const status = await headStatus(await apiAddress("/operations/"));
    return status !== null && !GATEWAY_ERRORS.has(status);
  } catch {
    return false;
  }
}

/** The status of the answer to a `HEAD` request; null if none came in time. */
export async function headStatus(address: string): Promise<number | null> {
  try {
    // The browser may keep an answer for minutes, and would give it while the server is away.
    const signal = AbortSignal.timeout(TIMEOUT);
    return (await fetch(address, { method: "HEAD", cache: "no-store", signal })).status;
  } catch {
    return null;
  }
}

if (typeof window !== "undefined") {
  addEventListener("online", () => void ask());
  document.addEventListener("visibilitychange", () => void ask());
}
