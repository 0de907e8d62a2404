import { z } from "@/lib/zod";

/** One page of a list: `{next, previous, results}`. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({
    next: z.string().nullable(),
    previous: z.string().nullable(),
    results: z.array(item),
  });
}

/** The cursor of the page after this one, for `?cursor=`; undefined at the end. */
export function cursorAfter(page: { next: string | null }): string | undefined {
  return page.next === null
    ? undefined
    : (new URL(page.next, "http://any.invalid").searchParams.get("cursor") ?? undefined);
}
