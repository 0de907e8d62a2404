import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { Image } from "@/api/images/image";
import { imageKeys } from "@/api/images/keys";

export interface ImagePage {
  next: string | null;
  previous: string | null;
  results: Image[];
}

type Lists = InfiniteData<ImagePage>;

/**
 * Put a new image in front of the list that shows everything, newest first.
 *
 * Lists with filters are only marked as old: whether they contain it is the server's to say. Asking
 * for a list anew would fetch every page of it that somebody has scrolled through.
 */
export function addToLists(queries: QueryClient, image: Image): void {
  queries.setQueryData(imageKeys.detail(image.id), image);
  queries.setQueryData<Lists>(imageKeys.list({}), (lists) => {
    const [first, ...rest] = lists?.pages ?? [];
    if (!lists || !first || lists.pages.some((page) => page.results.some(isSame(image)))) {
      return lists;
    }
    return { ...lists, pages: [{ ...first, results: [image, ...first.results] }, ...rest] };
  });
  const everything = { queryKey: imageKeys.list({}), exact: true };
  if (queries.isFetching(everything) > 0) {
    // The answer that is on its way may have been made before the image was.
    void queries.cancelQueries(everything).then(() => queries.invalidateQueries(everything));
  }
  void queries.invalidateQueries({
    queryKey: imageKeys.lists(),
    predicate: ({ queryKey }) => Object.keys(queryKey[2] as object).length > 0,
  });
}

/** Show the new state of an image wherever it is listed. */
export function updateInLists(queries: QueryClient, image: Image): void {
  queries.setQueryData(imageKeys.detail(image.id), image);
  changeResults(queries, (results) =>
    results.some(isSame(image))
      ? results.map((one) => (one.id === image.id ? image : one))
      : results,
  );
}

/** Take deleted images out of all lists. */
export function removeFromLists(queries: QueryClient, ids: ReadonlySet<number>): void {
  for (const id of ids) {
    queries.removeQueries({ queryKey: imageKeys.detail(id) });
  }
  changeResults(queries, (results) =>
    results.some((one) => ids.has(one.id)) ? results.filter((one) => !ids.has(one.id)) : results,
  );
}

function changeResults(queries: QueryClient, change: (results: Image[]) => Image[]): void {
  queries.setQueriesData<Lists>({ queryKey: imageKeys.lists() }, (lists) => {
    if (!lists) {
      return lists;
    }
    const pages = lists.pages.map((page) => {
      const results = change(page.results);
      return results === page.results ? page : { ...page, results };
    });
    return { ...lists, pages };
  });
}

function isSame(image: Image): (other: Image) => boolean {
  return (other) => other.id === image.id;
}
