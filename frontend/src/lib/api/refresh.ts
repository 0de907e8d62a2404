import { problemOf } from "@/lib/api/problem";
import { loadConfig } from "@/lib/config";
import { readItem, writeItem } from "@/lib/session/browser-storage";

/** `refreshed`: repeat the request. `ended`: the user must sign in again. */
type RefreshOutcome = "refreshed" | "ended";

const LOCK = "refresh-session";
const REFRESHED_AT = "session-refreshed-at";
const MARK = "session-refreshed-at-";
const MARK_LIFETIME = 10_000;

let running: Promise<RefreshOutcome> | undefined;

/**
 * Get a new access token into the cookies.
 *
 * Requests that are refused at the same time share one refresh. Other tabs wait for it at a lock,
 * because a refresh token that is used twice ends the session everywhere.
 *
 * @param since when the refused request was sent, ms since the epoch; a later refresh is enough
 * @throws TypeError when the server cannot be reached
 * @throws ApiProblem for any answer but success, 400 and 401
 */
export function refreshSession(apiUrl: string, since: number): Promise<RefreshOutcome> {
  running ??= withLock(() => refresh(apiUrl, since)).finally(() => {
    running = undefined;
  });
  return running;
}

/** Have an access token that is at most a minute old, for requests that cannot wait for a refresh. */
export async function freshenSession(): Promise<void> {
  const { apiUrl } = await loadConfig();
  await refreshSession(apiUrl, Date.now() - 60_000);
}

async function refresh(apiUrl: string, since: number): Promise<RefreshOutcome> {
  // Without storage, tabs refresh more often than needed.
  if (Math.max(Number(readItem(REFRESHED_AT)), await lastMark()) > since) {
    return "refreshed";
  }
  const response = await fetch(`${apiUrl}/api/v1/token/refresh/`, {
    method: "POST",
    credentials: "include",
    headers: { "Content-Type": "application/json", "X-Auth-Mode": "cookie" },
    body: "{}",
  });
  if (response.ok) {
    const now = Date.now();
    writeItem(REFRESHED_AT, String(now));
    holdMark(now);
    return "refreshed";
  }
  if (response.status === 401 || response.status === 400) {
    return "ended";
  }
  throw problemOf(response.status, await response.text(), response.headers);
}

/**
 * Tell the tabs that wait at the lock when the session was refreshed, by the name of another lock.
 *
 * What one tab stores may reach another tab later than the lock that the first one released.
 */
function holdMark(refreshedAt: number): void {
  void navigator.locks?.request(MARK + refreshedAt, () => sleep(MARK_LIFETIME));
}

async function lastMark(): Promise<number> {
  const held = (await navigator.locks?.query())?.held ?? [];
  const marks = held.map(({ name }) => (name?.startsWith(MARK) ? name.slice(MARK.length) : 0));
  return Math.max(0, ...marks.map(Number));
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function withLock<T>(work: () => Promise<T>): Promise<T> {
  // Web Locks exist only in secure contexts. Over plain http, tabs do not wait for each other.
  if (!("locks" in navigator) || navigator.locks === undefined) {
    return work();
  }
  return await navigator.locks.request(LOCK, work);
}
