import { api } from "@/lib/api/client";
import { saveBlob } from "@/lib/download";

/** The files as they were uploaded, in one ZIP. */
export async function downloadOriginals(ids: readonly number[]): Promise<void> {
  const response = await api.raw("POST", "/images/zip/", { body: { ids } });
  saveBlob(await response.blob(), "images.zip");
}
