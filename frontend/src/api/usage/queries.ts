import { queryOptions } from "@tanstack/react-query";
import { usageSchema } from "@/api/usage/schema";
import { api } from "@/lib/api/client";

export const usageQuery = queryOptions({
  queryKey: ["usage"],
  queryFn: ({ signal }) => api.get("/usage/", { schema: usageSchema, signal }),
  refetchInterval: 15_000,
});
