import { queryOptions } from "@tanstack/react-query";
import { imageSchema } from "@/api/images/schema";
import { pagedQuery } from "@/api/page";
import { api, apiAddress } from "@/lib/api/client";
import type { QueryValues } from "@/lib/url/query-string";

const GALLERY_PAGE = 60;
const CHOICE_PAGE = 48;

/** Filters as `GET /images/` takes them. */
export type ImageFilters = QueryValues;

/** Query keys. Each begins with `all`. */
export const imageKeys = {
  all: ["images"] as const,
  lists: () => [...imageKeys.all, "list"] as const,
  list: (filters: object) => [...imageKeys.lists(), filters] as const,
  detail: (id: number) => [...imageKeys.all, "detail", id] as const,
};

export const imageQuery = (id: number) =>
  queryOptions({
    queryKey: imageKeys.detail(id),
    queryFn: ({ signal }) => api.get(`/images/${id}/`, { schema: imageSchema, signal }),
  });

/** The user's images for the gallery, page by page. */
export const imagesQuery = (filters: ImageFilters) => ({
  ...pagedQuery(imageKeys.list(filters), "/images/", imageSchema, {
    ...filters,
    page_size: GALLERY_PAGE,
  }),
  // A refetch loads every page that was scrolled through. Changes made on this page are written
  // into the cache instead, and links that have expired are fetched one by one.
  staleTime: 5 * 60_000,
  refetchOnWindowFocus: false,
});

/** The user's images to choose from in a dialog, newest first. @param search "" for all */
export const imageChoiceQuery = (search: string) =>
  pagedQuery([...imageKeys.all, "choice", search], "/images/", imageSchema, {
    search,
    page_size: CHOICE_PAGE,
  });

/** Where the uploaded file is downloaded. */
export const originalPath = (id: number) => `/images/${id}/original/`;

/** Where a pipeline is applied to the image. */
export const transformPath = (id: number) => `/images/${id}/transform/`;

/** The same as a complete address, to be used outside of the page. */
export async function transformAddress(id: number): Promise<string> {
  return new URL(await apiAddress(transformPath(id)), location.href).href;
}
