import { readItem, removeItems, writeItem } from "@/lib/session/browser-storage";

/**
 * State of the page that belongs to one user: the upload queue, an unfinished pipeline.
 *
 * It survives the expiry of a session, so that the user can continue after signing in again. It is
 * dropped when the user signs out or another user signs in.
 */
const resets = new Set<() => void>();
const OWNER = "private-state-owner";
/** Keys of localStorage with this prefix are dropped, even if their module was never loaded. */
export const PRIVATE_PREFIX = "private:";

/** Have `reset` called when the state is dropped. Modules register once, when they are loaded. */
export function registerPrivateState(reset: () => void): void {
  resets.add(reset);
}

export function dropPrivateState(): void {
  for (const reset of resets) {
    reset();
  }
  removeItems(PRIVATE_PREFIX);
  setOwner(null);
}

/** Keep the state if it belongs to this user or to nobody yet; otherwise drop it. */
export function claimPrivateState(userId: number): void {
  const before = readItem(OWNER) ?? owner;
  if (before !== null && before !== String(userId)) {
    dropPrivateState();
  }
  setOwner(String(userId));
}

/** Drop the state when another tab drops it. @returns a cleanup function, for an effect */
export function followPrivateState(): () => void {
  function onStorage(event: StorageEvent) {
    if (event.key === OWNER && event.newValue === null) {
      for (const reset of resets) {
        reset();
      }
    }
  }
  addEventListener("storage", onStorage);
  return () => removeEventListener("storage", onStorage);
}

/** The owner, for browsers that forbid storage. */
let owner: string | null = null;

function setOwner(userId: string | null): void {
  owner = userId;
  writeItem(OWNER, userId);
}
