import { queryOptions } from "@tanstack/react-query";
import { operationSchema } from "@/api/operations/schema";
import { api } from "@/lib/api/client";
import { z } from "@/lib/zod";

const schema = z.array(operationSchema);

/** The catalogue of operations. It changes only with a new version of the server. */
export const operationsQuery = queryOptions({
  queryKey: ["operations"],
  queryFn: ({ signal }) => api.get("/operations/", { schema, signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
