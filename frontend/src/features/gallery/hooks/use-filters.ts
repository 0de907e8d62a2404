"use client";

import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { addressOf, type Filters, filtersOf } from "../filters";

/** The filters in the page's address, and how to change some of them. */
export function useFilters(): [Filters, (changes: Partial<Filters>) => void] {
  const query = useSearchParams();
  const filters = useMemo(() => filtersOf(new URLSearchParams(query)), [query]);
  const change = useCallback((changes: Partial<Filters>) => {
    // From the address itself: two changes in one turn must not undo each other.
    const now = filtersOf(new URLSearchParams(location.search));
    history.replaceState(null, "", `${location.pathname}${addressOf({ ...now, ...changes })}`);
  }, []);
  return [filters, change];
}
