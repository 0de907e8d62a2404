import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import { z } from "@/lib/zod";

/** JSON Schema, as the catalogue gives it; forms read what they know of it. */
const jsonSchema = z.record(z.string(), z.unknown());

export const operationSchema = z.object({
  name: z.string(),
  group: z.string(),
  description: z.string(),
  parameters: jsonSchema,
  example: z.record(z.string(), z.unknown()),
});

export type Operation = z.infer<typeof operationSchema>;

/** The catalogue changes only with a new version of the server. */
export const operationsQuery = queryOptions({
  queryKey: ["operations"],
  queryFn: async ({ signal }) => api.get("/operations/", { schema: answer, signal }),
  staleTime: Infinity,
});

const answer = z.array(operationSchema);
