import { queryOptions } from "@tanstack/react-query";
import { imageSchema } from "@/api/images/image";
import { imageKeys } from "@/api/images/keys";
import { api } from "@/lib/api/client";

export const imageQuery = (id: number) =>
  queryOptions({
    queryKey: imageKeys.detail(id),
    queryFn: ({ signal }) => api.get(`/images/${id}/`, { schema: imageSchema, signal }),
  });
