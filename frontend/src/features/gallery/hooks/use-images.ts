"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useHiddenImages } from "@/api/images/hidden-images";
import { imagesQuery } from "@/api/images/queries";
import { type Filters, queryOf } from "../filters";

/** The images that are to be shown, of all pages that were fetched so far. */
export function useImages(filters: Filters) {
  const query = useInfiniteQuery(imagesQuery(queryOf(filters)));
  const hidden = useHiddenImages((state) => state.hidden);
  const { data } = query;
  const images = useMemo(
    () => (data?.pages ?? []).flatMap((page) => page.results).filter(({ id }) => !hidden.has(id)),
    [data, hidden],
  );
  return { ...query, images };
}
