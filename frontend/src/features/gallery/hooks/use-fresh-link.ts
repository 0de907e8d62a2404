"use client";

import { useQueryClient } from "@tanstack/react-query";
import { updateInLists } from "@/api/images/list-cache";
import { imageQuery } from "@/api/images/queries";

const MIN_INTERVAL = 60_000;
const fetchedAt = new Map<number, number>();

/** Returns a function that fetches an image whose link has expired. */
export function useFreshLink(): (id: number) => void {
  const queries = useQueryClient();
  return (id) => {
    const now = Date.now();
    if (now - (fetchedAt.get(id) ?? 0) < MIN_INTERVAL) {
      return; // the link is new: the picture itself is broken
    }
    fetchedAt.set(id, now);
    void queries
      .fetchQuery({ ...imageQuery(id), staleTime: 0 })
      .then((image) => updateInLists(queries, image))
      .catch(() => undefined); // the tile shows that the picture is missing
  };
}
