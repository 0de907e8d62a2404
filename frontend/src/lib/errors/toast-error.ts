import { explain } from "@/lib/errors/explain";
import { toast } from "@/lib/toast";

/** Show an error for which the page has no other place. @param title replaces the error's title */
export function toastError(error: unknown, title?: string): void {
  const explained = explain(error);
  toast.error(title ?? explained.title, { description: explained.detail });
}
