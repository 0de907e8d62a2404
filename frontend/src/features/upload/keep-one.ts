import { useHiddenImages } from "@/api/images/hidden-images";
import { deleteImage } from "@/api/images/mutations";
import type { UploadedImage } from "@/api/images/schema";

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
    await deleteImage(id);
    return true;
  } catch {
    return false; // then there are two, and both are shown
  }
}
