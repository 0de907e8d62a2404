import { apiAddress } from "@/lib/api/client";

const MAX_TEXT = 2000;
const MAX_REPORTS = 10;
let sent = 0;

/** Tell the operators of an error in the page. Never throws; at most a few per page load. */
export async function reportError(error: unknown, context = ""): Promise<void> {
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
        message: `${context && `${context}: `}${message}`.slice(0, MAX_TEXT),
        stack: (stack ?? "").slice(0, MAX_TEXT),
        url: location.pathname,
      }),
    });
  } catch {
    // A report that cannot be sent must not cause another error.
  }
}
