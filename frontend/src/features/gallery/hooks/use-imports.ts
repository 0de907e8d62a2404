"use client";

import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { updateInLists } from "@/api/images/list-cache";
import { imageQuery } from "@/api/images/queries";
import type { Image } from "@/api/images/schema";

const INTERVAL = 2000;
/** How many imports are polled at a time. The others follow when these are ready. */
const MAX_POLLED = 10;

/** Poll the images that the server is still importing. */
export function useImports(images: readonly Image[]): void {
  const queries = useQueryClient();
  const importing = images.filter(({ status }) => status === "importing").slice(0, MAX_POLLED);
  const answers = useQueries({
    queries: importing.map(({ id }) => ({
      ...imageQuery(id),
      refetchInterval: INTERVAL,
      staleTime: 0,
    })),
    combine: (results) => results.flatMap(({ data }) => (data ? [data] : [])),
  });
  useEffect(() => {
    for (const image of answers) {
      if (image.status !== "importing") {
        updateInLists(queries, image);
      }
    }
  }, [answers, queries]);
}
