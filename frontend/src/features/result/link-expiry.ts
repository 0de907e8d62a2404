/**
 * For how many minutes a link that was just handed out works at least.
 *
 * Links are made for windows of time, so that they stay the same for a while; what the service
 * promises is their lifetime from the moment on at which one is asked for.
 */
export function minutesLeft(lifetimeSeconds: number, fetchedAt: number, now = Date.now()): number {
  return Math.max(0, Math.floor((lifetimeSeconds - (now - fetchedAt) / 1000) / 60));
}
