import { queryOptions } from "@tanstack/react-query";
import { statsSchema } from "@/api/stats/schema";
import { api } from "@/lib/api/client";

export const statsQuery = queryOptions({
  queryKey: ["stats"],
  queryFn: ({ signal }) => api.get("/stats/", { schema: statsSchema, signal }),
  refetchInterval: 15_000,
});
