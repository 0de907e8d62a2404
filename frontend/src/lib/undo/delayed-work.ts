import { registerPrivateState } from "@/lib/session/private-state";

export const DELAY = 8000;

export interface DelayedWork {
  /** Do it. `leaving`: the page is being closed, only requests with `keepalive` get through. */
  run: (leaving: boolean) => void;
  /** It was taken back before it was done. */
  undo: () => void;
}

interface Waiting extends DelayedWork {
  timer: ReturnType<typeof setTimeout>;
}

const waiting = new Set<Waiting>();

/**
 * Do something after `DELAY` ms, unless it is undone before; at once when the page is closed.
 *
 * Answers how to undo it, which does nothing once it has been done.
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
  // Not `beforeunload`, which is also said when somebody stays; `pagehide` is final.
  addEventListener("pagehide", () => finish(true));
}

registerPrivateState(() => {
  for (const { timer } of waiting) {
    clearTimeout(timer);
  }
  waiting.clear();
});
