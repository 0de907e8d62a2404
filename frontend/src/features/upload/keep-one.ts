import { useHiddenImages } from "@/api/images/hidden-images";
import { api } from "@/lib/api/client";
import type { UploadedImage } from "./api/send-file";

/**
 * Delete an image again whose bytes were there already; true when the first alone is left.
 *
 * The API keeps both, each with a name and tags of its own. Who drops a folder a second time wants
 * no second gallery.
 */
export async function keepOne({ id, duplicate_of: first }: UploadedImage): Promise<boolean> {
  if (first === null || useHiddenImages.getState().hidden.has(first)) {
    return false; // the first is about to go: this one takes its place
  }
  try {
    await api.delete(`/images/${id}/`);
    return true;
  } catch {
    return false; // then there are two, and both are shown
  }
}
