import type { ImageFilters } from "@/api/images/queries";
import { queryString } from "@/lib/url/query-string";

export const SORTS = {
  "": "Newest first",
  created: "Oldest first",
  name: "Name, A to Z",
  "-name": "Name, Z to A",
} as const;

/** The filters of `GET /images/` as values of form fields. "" does not filter. */
export interface Filters {
  search: string;
  format: string;
  tag: string;
  /** First and last day, `2026-03-01`. */
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

/** Read the filters from the address, so that a reload, a bookmark and "back" show the same. */
export function filtersOf(query: URLSearchParams): Filters {
  const found = { ...NO_FILTERS };
  for (const name of NAMES) {
    found[name] = query.get(name) ?? "";
  }
  return found;
}

/** The query of the page's address, with `?` and without empty filters. */
export function addressOf(filters: Filters): string {
  return queryString({ ...filters });
}

/** The query for the API, without empty filters. Days are in the browser's time zone. */
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
    // The API filters by day only in the default order.
    ordering: day ? "" : filters.ordering,
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ""));
}

export function hasDay({ from, to }: Filters): boolean {
  return from !== "" || to !== "";
}

/** The number of filters that are set, without search and order, which are always visible. */
export function countFilters(filters: Filters): number {
  return (["format", "tag", "from", "to", "minWidth", "minHeight"] as const).filter(
    (name) => filters[name] !== "",
  ).length;
}
