/**
 * State of the page that belongs to one person: the upload queue, an unfinished pipeline.
 *
 * It outlives a session that expires, so that whoever signs in again goes on where they were. It is
 * dropped when they sign out, or when somebody else signs in.
 */
const resets = new Set<() => void>();
const OWNER = "private-state-owner";
/** What localStorage holds under such keys goes, too, even where its module was never loaded. */
export const PRIVATE_PREFIX = "private:";

/** Call `reset` when the state must go. Modules register once, when they are loaded. */
export function registerPrivateState(reset: () => void): void {
  resets.add(reset);
}

export function dropPrivateState(): void {
  for (const reset of resets) {
    reset();
  }
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PRIVATE_PREFIX)) {
        localStorage.removeItem(key);
      }
    }
  } catch {
    // No storage, nothing kept.
  }
  write(null);
}

/** Keep the state if it is this person's, or nobody's yet. */
export function claimPrivateState(userId: number): void {
  const owner = read();
  if (owner !== null && owner !== String(userId)) {
    dropPrivateState();
  }
  write(String(userId));
}

/** Drop the state of this tab when another one dropped it. For an effect: answers how to stop. */
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

let owner: string | null = null;

function read(): string | null {
  try {
    return localStorage.getItem(OWNER) ?? owner;
  } catch {
    return owner;
  }
}

function write(value: string | null): void {
  owner = value;
  try {
    if (value === null) {
      localStorage.removeItem(OWNER);
    } else {
      localStorage.setItem(OWNER, value);
    }
  } catch {
    // Kept in memory only.
  }
}
