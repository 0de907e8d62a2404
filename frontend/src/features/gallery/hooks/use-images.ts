"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { imagesQuery } from "../api/get-images";
import { type Filters, queryOf } from "../filters";
import { usePendingDeletions } from "../pending-deletions";

/** The images that are to be shown, of all pages that were fetched so far. */
export function useImages(filters: Filters) {
  const query = useInfiniteQuery(imagesQuery(queryOf(filters)));
  const hidden = usePendingDeletions((state) => state.hidden);
  const { data } = query;
  const images = useMemo(
    () => (data?.pages ?? []).flatMap((page) => page.results).filter(({ id }) => !hidden.has(id)),
    [data, hidden],
  );
  return { ...query, images };
}
