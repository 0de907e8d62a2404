import { api, apiAddress } from "@/lib/api/client";
import { userSchema } from "@/lib/session/use-user";

/**
 * Have the browser download `GET path`, straight to the disk.
 *
 * Nothing is left to refuse it by then but the network: the session is asked for first.
 */
export async function downloadFrom(path: string): Promise<void> {
  await api.get("/auth/user/", { schema: userSchema });
  follow(await apiAddress(path), "");
}

/** Save bytes under a name. */
export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  follow(address, name);
  // The browser reads it after this turn; a minute is more than enough to begin.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function follow(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
