"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useHiddenImages } from "@/api/images/hidden-images";
import { imagesQuery } from "@/api/images/queries";
import { type Filters, queryOf } from "../filters";

/** The images of all pages fetched so far, without those that are being deleted. */
export function useImages(filters: Filters) {
  const query = useInfiniteQuery(imagesQuery(queryOf(filters)));
  const hidden = useHiddenImages((state) => state.hidden);
  const { data } = query;
  const images = (data?.pages ?? [])
    .flatMap((page) => page.results)
    .filter(({ id }) => !hidden.has(id));
  return { ...query, images };
}
