"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { updateInLists } from "@/api/images/list-cache";
import { imageQuery } from "@/api/images/queries";

const AT_MOST_EVERY = 60_000;
const asked = new Map<number, number>();

/** Fetch an image anew whose link has expired; answers a function of its id. */
export function useFreshLink(): (id: number) => void {
  const queries = useQueryClient();
  return useCallback(
    (id) => {
      const now = Date.now();
      if (now - (asked.get(id) ?? 0) < AT_MOST_EVERY) {
        return; // it is the picture itself that is broken
      }
      asked.set(id, now);
      void queries
        .fetchQuery({ ...imageQuery(id), staleTime: 0 })
        .then((image) => updateInLists(queries, image))
        .catch(() => undefined); // its place shows that it is missing
    },
    [queries],
  );
}
