import type { QueryClient } from "@tanstack/react-query";
import { hideImages, unhideImages } from "@/api/images/hidden-images";
import { removeFromLists } from "@/api/images/list-cache";
import { deleteImages, deleteImagesWhileLeaving } from "@/api/images/mutations";
import { freshenSession } from "@/lib/api/refresh";
import { explain } from "@/lib/errors/explain";
import { plural } from "@/lib/format";
import { registerPrivateState } from "@/lib/session/private-state";
import { toast } from "@/lib/toast";
import { DELAY, delay } from "@/lib/undo/delayed-work";
import { z } from "@/lib/zod";

const stored = z.array(z.tuple([z.number(), z.number()]));
const KEY = "pending-deletions";
/** A browser lets no more requests outlive a page. */
const MAX_LEAVING = 20;

/** Hide images at once and delete them a little later, with a way back until then. */
export function deleteWithUndo(ids: readonly number[], queries: QueryClient): void {
  hideImages(ids);
  remember(ids);
  // A page that is being closed cannot wait for a refresh.
  void freshenSession().catch(() => undefined);
  const toastId = `delete-${ids[0]}-${ids.length}`;
  const undo = delay({
    run: (leaving) => {
      toast.dismiss(toastId);
      if (leaving) {
        deleteImagesWhileLeaving(ids.slice(0, MAX_LEAVING));
      } else {
        void commit(ids, queries);
      }
    },
    undo: () => {
      unhideImages(ids);
      forget(ids);
    },
  });
  toast.show(`${plural(ids.length, "image")} deleted`, {
    id: toastId,
    duration: DELAY,
    action: { label: "Undo", run: undo },
  });
}

/**
 * Finish what a page that was closed could not. What another tab may still undo is left to it.
 *
 * For an effect: answers how to stop.
 */
export function resumeDeletions(queries: QueryClient): () => void {
  const resume = () => {
    const now = Date.now();
    const overdue = [...remembered()].filter(([, since]) => now - since > 2 * DELAY);
    const ids = overdue.map(([id]) => id);
    if (ids.length > 0) {
      hideImages(ids);
      void commit(ids, queries);
    }
  };
  resume();
  const timer = setTimeout(resume, 2 * DELAY + 1000);
  return () => clearTimeout(timer);
}

async function commit(ids: readonly number[], queries: QueryClient): Promise<void> {
  const { deleted, failed, error } = await deleteImages(ids);
  removeFromLists(queries, new Set(deleted));
  forget(ids);
  unhideImages(ids);
  if (failed.length > 0) {
    toast.error(`${plural(failed.length, "image")} could not be deleted`, {
      description: explain(error).detail,
      action: { label: "Try again", run: () => deleteWithUndo(failed, queries) },
    });
  }
}

/** Id -> since when (ms of the epoch), of all tabs. */
function remembered(): Map<number, number> {
  try {
    return new Map(stored.parse(JSON.parse(localStorage.getItem(KEY) ?? "[]")));
  } catch {
    return new Map();
  }
}

function remember(ids: readonly number[]): void {
  const all = remembered();
  for (const id of ids) {
    all.set(id, Date.now());
  }
  write(all);
}

function forget(ids: readonly number[]): void {
  const all = remembered();
  for (const id of ids) {
    all.delete(id);
  }
  write(all);
}

function write(all: ReadonlyMap<number, number>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([...all]));
  } catch {
    // No storage: what a closed page cannot delete stays.
  }
}

registerPrivateState(() => write(new Map()));
