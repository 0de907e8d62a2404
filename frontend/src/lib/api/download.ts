import { api, apiAddress } from "@/lib/api/client";

/**
 * Have the browser save the answer to `GET path`, however large it is.
 *
 * The browser sends that request itself and would save a 401 as a file. A request that refreshes the
 * session goes first.
 */
export async function startDownload(path: string): Promise<void> {
  await api.raw("GET", "/auth/user/");
  clickLink(await apiAddress(path), "");
}

/** Save bytes as a file with this name. */
export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  clickLink(address, name);
  // The browser begins to read the address after this turn. A minute is more than enough.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function clickLink(address: string, fileName: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
}
