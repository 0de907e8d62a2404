import { problemOf } from "@/lib/api/problem";

/** `refreshed`: try again. `ended`: sign in again. */
export type RefreshOutcome = "refreshed" | "ended";

const LOCK = "refresh-session";
const LAST = "session-refreshed-at";

let running: Promise<RefreshOutcome> | undefined;

/**
 * A new access token in the cookies, asked for once.
 *
 * Requests that learn at the same time that the token has expired share one refresh; other tabs wait
 * for it by a lock, since a refresh token that is used twice ends the session everywhere.
 *
 * @param since when the refused request was sent (ms of the epoch); a refresh after that suffices
 * @throws TypeError when the server cannot be reached
 * @throws ApiProblem when it answers with anything but yes or 401
 */
export function refreshSession(apiUrl: string, since: number): Promise<RefreshOutcome> {
  running ??= withLock(() => refresh(apiUrl, since)).finally(() => {
    running = undefined;
  });
  return running;
}

async function refresh(apiUrl: string, since: number): Promise<RefreshOutcome> {
  if (lastRefresh() > since) {
    return "refreshed";
  }
  const response = await fetch(`${apiUrl}/api/v1/token/refresh/`, {
    method: "POST",
    credentials: "include",
    headers: { "Content-Type": "application/json", "X-Auth-Mode": "cookie" },
    body: "{}",
  });
  if (response.ok) {
    remember();
    return "refreshed";
  }
  if (response.status === 401 || response.status === 400) {
    return "ended";
  }
  throw problemOf(response.status, await response.text(), response.headers);
}

async function withLock<T>(work: () => Promise<T>): Promise<T> {
  // Web Locks exist in secure contexts only; over plain http in a network each tab is on its own.
  if (!("locks" in navigator) || navigator.locks === undefined) {
    return work();
  }
  return await navigator.locks.request(LOCK, work);
}

function lastRefresh(): number {
  try {
    return Number(localStorage.getItem(LAST)) || 0;
  } catch {
    return 0;
  }
}

function remember(): void {
  try {
    localStorage.setItem(LAST, String(Date.now()));
  } catch {
    // Storage is full or forbidden: other tabs refresh once more, nothing else.
  }
}
