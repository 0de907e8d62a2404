import { z } from "@/lib/zod";

/** The schema of one page of a list. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({
    next: z.string().nullable(),
    results: z.array(item),
  });
}

/** The value of `?cursor=` for the next page; undefined on the last page. */
export function cursorAfter(page: { next: string | null }): string | undefined {
  return page.next === null
    ? undefined
    : (new URL(page.next, "http://any.invalid").searchParams.get("cursor") ?? undefined);
}
