import type { ImageFilters } from "@/api/images/queries";
import { queryString } from "@/lib/url/query-string";

export const SORTS = {
  "": "Newest first",
  created: "Oldest first",
  name: "Name, A to Z",
  "-name": "Name, Z to A",
} as const;

/** What `GET /images/` takes, as texts of form fields; empty ones do not filter. */
export interface Filters {
  search: string;
  format: string;
  tag: string;
  /** Days, `2026-03-01`, the first and the last. */
  from: string;
  to: string;
  /** px */
  minWidth: string;
  minHeight: string;
  ordering: string;
}

export const NO_FILTERS: Filters = {
  search: "",
  format: "",
  tag: "",
  from: "",
  to: "",
  minWidth: "",
  minHeight: "",
  ordering: "",
};

const NAMES = Object.keys(NO_FILTERS) as (keyof Filters)[];

/** From the page's address, so that a reload, a bookmark and "back" show the same. */
export function filtersOf(query: URLSearchParams): Filters {
  const found = { ...NO_FILTERS };
  for (const name of NAMES) {
    found[name] = query.get(name) ?? "";
  }
  return found;
}

/** The query of the page's address, from `?`; without the filters that are empty. */
export function addressOf(filters: Filters): string {
  return queryString({ ...filters });
}

/** The query for the API; no key for what does not filter. Days are those of this browser. */
export function queryOf(filters: Filters): ImageFilters {
  const day = hasDay(filters);
  const query: ImageFilters = {
    search: filters.search.trim(),
    format: filters.format,
    tag: filters.tag.trim(),
    created_after: filters.from && new Date(`${filters.from}T00:00:00`).toISOString(),
    created_before: filters.to && new Date(`${filters.to}T23:59:59.999`).toISOString(),
    min_width: filters.minWidth,
    min_height: filters.minHeight,
    // The API has days only with the newest first.
    ordering: day ? "" : filters.ordering,
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ""));
}

export function hasDay({ from, to }: Filters): boolean {
  return from !== "" || to !== "";
}

/** How many filters are set, but for search and order, which are seen anyway. */
export function countFilters(filters: Filters): number {
  return (["format", "tag", "from", "to", "minWidth", "minHeight"] as const).filter(
    (name) => filters[name] !== "",
  ).length;
}
