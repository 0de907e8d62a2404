/** `localStorage`, which the browser may forbid and which may be full. Nothing here throws. */

/** @param forbidden the answer when the browser forbids storage */
export function readItem(key: string, forbidden: string | null = null): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return forbidden;
  }
}

/** Store a value; null removes it. A value that cannot be stored is lost. */
export function writeItem(key: string, value: string | null): void {
  try {
    if (value === null) {
      localStorage.removeItem(key);
    } else {
      localStorage.setItem(key, value);
    }
  } catch {
    // Callers work without storage.
  }
}

/** Remove every value whose key begins with `prefix`. */
export function removeItems(prefix: string): void {
  try {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(prefix))) {
      localStorage.removeItem(key);
    }
  } catch {
    // Without storage there is nothing to remove.
  }
}
