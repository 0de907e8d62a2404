import { apiAddress } from "@/lib/api/client";

// The server's limits, in characters.
const MAX_MESSAGE = 2000;
const MAX_STACK = 10_000;
const MAX_REPORTS = 10;
let sent = 0;

/**
 * Report an error of the page to the server. Never throws; sends at most 10 reports per load.
 *
 * @returns whether the server has taken the report
 */
export async function reportError(error: unknown, component = ""): Promise<boolean> {
  if (sent >= MAX_REPORTS) {
    return false;
  }
  sent += 1;
  try {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const { ok } = await fetch(await apiAddress("/client-errors/"), {
      method: "POST",
      credentials: "include",
      keepalive: true,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        message: (message || "An error without a message").slice(0, MAX_MESSAGE),
        stack: (stack ?? "").slice(0, MAX_STACK),
        url: location.pathname,
        component,
      }),
    });
    return ok;
  } catch {
    return false; // a report that fails must not cause another error
  }
}

/** Whether the browser could not load code of the page: no fault of the page to be reported. */
export function isLoadError(error: unknown): boolean {
  return error instanceof Error && error.name === "ChunkLoadError";
}
