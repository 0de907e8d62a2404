"use client";

import { useSearchParams } from "next/navigation";
import { addressOf, type Filters, filtersOf } from "../filters";

/** The filters in the page's address, and a function that changes some of them. */
export function useFilters(): [Filters, (changes: Partial<Filters>) => void] {
  const query = useSearchParams();
  const filters = filtersOf(new URLSearchParams(query));
  const change = (changes: Partial<Filters>) => {
    // Read the address itself, so that two changes in one turn do not undo each other.
    const now = filtersOf(new URLSearchParams(location.search));
    history.replaceState(null, "", `${location.pathname}${addressOf({ ...now, ...changes })}`);
  };
  return [filters, change];
}
