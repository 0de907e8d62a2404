import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { imageKeys } from "@/api/images/queries";
import type { Image } from "@/api/images/schema";

export interface ImagePage {
  next: string | null;
  results: Image[];
}

type ImageList = InfiniteData<ImagePage>;

/**
 * Put a new image at the front of the unfiltered list, which shows the newest first.
 *
 * Lists with filters are only invalidated, because the server decides whether they contain the
 * image. Refetching the unfiltered list would load every page that was scrolled through.
 */
export function addToLists(queries: QueryClient, image: Image): void {
  queries.setQueryData(imageKeys.detail(image.id), image);
  queries.setQueryData<ImageList>(imageKeys.list({}), (list) => {
    const [first, ...rest] = list?.pages ?? [];
    if (!list || !first || list.pages.some((page) => page.results.some(hasIdOf(image)))) {
      return list;
    }
    return { ...list, pages: [{ ...first, results: [image, ...first.results] }, ...rest] };
  });
  const unfiltered = { queryKey: imageKeys.list({}), exact: true };
  if (queries.isFetching(unfiltered) > 0) {
    // The server may have made the pending answer before it stored the image.
    void queries.cancelQueries(unfiltered).then(() => queries.invalidateQueries(unfiltered));
  }
  void queries.invalidateQueries({
    queryKey: imageKeys.lists(),
    predicate: ({ queryKey }) => Object.keys(queryKey[2] as object).length > 0,
  });
}

/** Replace an image by its new state in every list. */
export function updateInLists(queries: QueryClient, image: Image): void {
  queries.setQueryData(imageKeys.detail(image.id), image);
  changeResults(queries, (results) =>
    results.some(hasIdOf(image))
      ? results.map((one) => (one.id === image.id ? image : one))
      : results,
  );
}

/** Remove deleted images from every list. */
export function removeFromLists(queries: QueryClient, ids: ReadonlySet<number>): void {
  for (const id of ids) {
    queries.removeQueries({ queryKey: imageKeys.detail(id) });
  }
  changeResults(queries, (results) =>
    results.some((one) => ids.has(one.id)) ? results.filter((one) => !ids.has(one.id)) : results,
  );
}

/** @param change returns the same array where nothing changes */
function changeResults(queries: QueryClient, change: (results: Image[]) => Image[]): void {
  queries.setQueriesData<ImageList>({ queryKey: imageKeys.lists() }, (list) => {
    if (!list) {
      return list;
    }
    const pages = list.pages.map((page) => {
      const results = change(page.results);
      return results === page.results ? page : { ...page, results };
    });
    return { ...list, pages };
  });
}

function hasIdOf(image: Image): (other: Image) => boolean {
  return (other) => other.id === image.id;
}
