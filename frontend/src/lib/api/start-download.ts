import { api, apiAddress } from "@/lib/api/client";

/**
 * Let the browser save what a path of the API answers, however large it is.
 *
 * The browser asks by itself, with the cookies as they are: the session is refreshed before, so
 * that it is not a 401 that is saved.
 */
export async function startDownload(path: string): Promise<void> {
  await api.raw("GET", "/auth/user/");
  const link = document.createElement("a");
  link.href = await apiAddress(path);
  link.download = "";
  link.click();
}
