import { apiAddress } from "@/lib/api/client";

// The server's limits, in characters.
const MAX_MESSAGE = 2000;
const MAX_STACK = 10_000;
const MAX_REPORTS = 10;
let sent = 0;

/** Report an error of the page to the server. Never throws; sends at most 10 reports per load. */
export async function reportError(error: unknown, component = ""): Promise<void> {
  if (sent >= MAX_REPORTS) {
    return;
  }
  sent += 1;
  try {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    await fetch(await apiAddress("/client-errors/"), {
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
  } catch {
    // A report that fails must not cause another error.
  }
}
