import { toast } from "@/lib/toast";

/**
 * Copy a text to the clipboard. If the browser refuses, a toast says so.
 *
 * @param instead what to do when the browser refuses
 * @returns whether the text was copied
 */
export async function copyText(text: string, instead: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    toast.error("Your browser did not allow copying", { description: instead });
    return false;
  }
}
