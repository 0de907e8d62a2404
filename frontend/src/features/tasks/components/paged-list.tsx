import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ErrorState } from "@/components/ui/error-state";
import { capitalize } from "@/lib/format";

interface PagedListProps<T> {
  /** What the list holds, in the plural, such as "tasks". */
  name: string;
  query: UseInfiniteQueryResult<unknown>;
  /** The entries of all pages that are loaded, newest first. */
  items: readonly T[];
  /** Shown while the first page is loading. */
  waiting: ReactNode;
  /** Shown when the list is empty. */
  empty: ReactNode;
  /** Renders an entry. */
  children: (item: T) => ReactNode;
}

/** A list that is read page by page, with its loading, error and empty states. */
export function PagedList<T>(props: PagedListProps<T>) {
  const { name, query, items, waiting, empty, children } = props;
  if (query.isPending) {
    return waiting;
  }
  if (items.length === 0) {
    return <Card>{query.isError ? <ErrorState query={query} /> : empty}</Card>;
  }
  return (
    <>
      <Card>
        <ul aria-label={capitalize(name)} className="divide-y">
          {items.map(children)}
        </ul>
      </Card>
      {query.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button
            variant="secondary"
            busy={query.isFetchingNextPage}
            onClick={() => query.fetchNextPage()}
          >
            Show older {name}
          </Button>
        </div>
      )}
    </>
  );
}
