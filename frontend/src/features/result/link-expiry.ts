/**
 * For how many minutes a new link works at least.
 *
 * The server rounds expiry times, so that a link stays the same for a while. It guarantees the
 * lifetime counted from the request.
 */
export function minutesLeft(lifetimeSeconds: number, fetchedAt: number, now = Date.now()): number {
  return Math.max(0, Math.floor((lifetimeSeconds - (now - fetchedAt) / 1000) / 60));
}
