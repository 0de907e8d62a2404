import { registerPrivateState } from "@/lib/session/private-state";

export const DELAY = 8000;

interface DelayedWork {
  /** Do the work. @param leaving the page is being closed: only requests with `keepalive` arrive */
  run: (leaving: boolean) => void;
  /** Called if the work is undone before `run`. */
  undo: () => void;
}

interface Waiting extends DelayedWork {
  timer: ReturnType<typeof setTimeout>;
}

const waiting = new Set<Waiting>();

/**
 * Do work after `DELAY` ms, or at once when the page is closed, unless it is undone before.
 *
 * @returns a function that undoes the work; it does nothing after `run`
 */
export function delay(work: DelayedWork): () => void {
  const entry: Waiting = {
    ...work,
    timer: setTimeout(() => {
      waiting.delete(entry);
      work.run(false);
    }, DELAY),
  };
  waiting.add(entry);
  return () => {
    if (waiting.delete(entry)) {
      clearTimeout(entry.timer);
      work.undo();
    }
  };
}

function finish(leaving: boolean): void {
  for (const entry of [...waiting]) {
    waiting.delete(entry);
    clearTimeout(entry.timer);
    entry.run(leaving);
  }
}

if (typeof window !== "undefined") {
  // `beforeunload` also fires when the user then stays on the page. `pagehide` is final.
  addEventListener("pagehide", () => finish(true));
}

registerPrivateState(() => {
  for (const { timer } of waiting) {
    clearTimeout(timer);
  }
  waiting.clear();
});
