import { infiniteQueryOptions } from "@tanstack/react-query";
import { imageSchema } from "@/api/images/image";
import { imageKeys } from "@/api/images/keys";
import { cursorAfter, pageOf } from "@/api/page";
import { api } from "@/lib/api/client";

const schema = pageOf(imageSchema);

/** Images to choose from, newest first. */
export const imagesQuery = infiniteQueryOptions({
  queryKey: [...imageKeys.all, "choice"],
  queryFn: ({ pageParam, signal }) =>
    api.get("/images/", { schema, query: { page_size: 48, cursor: pageParam }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: cursorAfter,
});
