import { useHiddenImages } from "@/api/images/hidden-images";
import { deleteImage } from "@/api/images/mutations";
import type { UploadedImage } from "@/api/images/schema";

/**
 * Delete an uploaded image if the user already has an image with the same bytes.
 *
 * The API keeps both, each with its own name and tags. But a folder that is dropped a second time
 * should not fill the gallery with duplicates.
 *
 * @returns whether the upload was deleted
 */
export async function deleteDuplicate({
  id,
  duplicate_of: first,
}: UploadedImage): Promise<boolean> {
  if (first === null || useHiddenImages.getState().hidden.has(first)) {
    return false; // the earlier image is being deleted
  }
  try {
    await deleteImage(id);
    return true;
  } catch {
    return false; // both images stay and are shown
  }
}
