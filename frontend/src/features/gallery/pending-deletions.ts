import type { QueryClient } from "@tanstack/react-query";
import { hideImages, unhideImages } from "@/api/images/hidden-images";
import { removeFromLists } from "@/api/images/list-cache";
import { deleteImages, deleteImagesWhileLeaving } from "@/api/images/mutations";
import { freshenSession } from "@/lib/api/refresh";
import { explain } from "@/lib/errors/explain";
import { plural } from "@/lib/format";
import { readItem, writeItem } from "@/lib/session/browser-storage";
import { registerPrivateState } from "@/lib/session/private-state";
import { toast } from "@/lib/toast";
import { DELAY, delay } from "@/lib/undo/delayed-work";
import { z } from "@/lib/zod";

const storedSchema = z.array(z.tuple([z.number(), z.number()]));
const STORAGE_KEY = "pending-deletions";
/** Browsers allow only a few requests that outlive the page. */
const MAX_LEAVING = 20;

/** Hide images now and delete them after a delay, within which the user can undo it. */
export function deleteWithUndo(ids: readonly number[], queries: QueryClient): void {
  hideImages(ids);
  addPending(ids);
  // If the page is closed, the requests cannot wait for a session refresh.
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
      removePending(ids);
    },
  });
  toast.show(`${plural(ids.length, "image")} deleted`, {
    id: toastId,
    duration: DELAY,
    action: { label: "Undo", run: undo },
  });
}

/**
 * Delete the images that a closed page could not. Deletions that another tab may undo are left.
 *
 * @returns a cleanup function, for an effect
 */
export function resumeDeletions(queries: QueryClient): () => void {
  const resume = () => {
    const now = Date.now();
    const overdue = [...readPending()].filter(([, since]) => now - since > 2 * DELAY);
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
  removePending(ids);
  unhideImages(ids);
  if (failed.length > 0) {
    toast.error(`${plural(failed.length, "image")} could not be deleted`, {
      description: explain(error).detail,
      action: { label: "Try again", run: () => deleteWithUndo(failed, queries) },
    });
  }
}

/** The time (ms since the epoch) of each pending deletion by image id, of all tabs. */
function readPending(): Map<number, number> {
  try {
    return new Map(storedSchema.parse(JSON.parse(readItem(STORAGE_KEY) ?? "[]")));
  } catch {
    return new Map();
  }
}

function addPending(ids: readonly number[]): void {
  const all = readPending();
  for (const id of ids) {
    all.set(id, Date.now());
  }
  write(all);
}

function removePending(ids: readonly number[]): void {
  const all = readPending();
  for (const id of ids) {
    all.delete(id);
  }
  write(all);
}

function write(all: ReadonlyMap<number, number>): void {
  // Without storage, a closed page leaves behind the images that it could not delete.
  writeItem(STORAGE_KEY, JSON.stringify([...all]));
}

registerPrivateState(() => write(new Map()));
