import { infiniteQueryOptions, type QueryKey } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { QueryValues } from "@/lib/url/query-string";
import { z } from "@/lib/zod";

/** The schema of one page of a list. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({ next: z.string().nullable(), results: z.array(item) });
}

/** The value of `?cursor=` for the next page; undefined on the last page. */
export function cursorAfter(page: { next: string | null }): string | undefined {
  return page.next === null
    ? undefined
    : (new URL(page.next, "http://any.invalid").searchParams.get("cursor") ?? undefined);
}

/** A list of the API that is read page by page. @param item the schema of one entry */
export function pagedQuery<S extends z.ZodType>(
  queryKey: QueryKey,
  path: string,
  item: S,
  query: QueryValues,
) {
  const schema = pageOf(item);
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      api.get(path, { schema, query: { ...query, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: cursorAfter,
  });
}
