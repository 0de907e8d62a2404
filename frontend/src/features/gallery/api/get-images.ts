import { infiniteQueryOptions } from "@tanstack/react-query";
import { imageSchema } from "@/api/images/image";
import { imageKeys } from "@/api/images/keys";
import { cursorAfter, pageOf } from "@/api/page";
import { api, type QueryValues } from "@/lib/api/client";

const schema = pageOf(imageSchema);
const PAGE_SIZE = 60;

/** Own images, page after page. @param filters as the API takes them */
export const imagesQuery = (filters: QueryValues) =>
  infiniteQueryOptions({
    queryKey: imageKeys.list(filters),
    queryFn: ({ pageParam, signal }) =>
      api.get("/images/", {
        schema,
        query: { ...filters, page_size: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: cursorAfter,
    // Asking anew fetches all pages that were scrolled through. Changes of this page are put into
    // the cache, and links that have expired are fetched one by one.
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
  });
