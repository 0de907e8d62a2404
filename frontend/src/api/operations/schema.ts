import { z } from "@/lib/zod";

/** A JSON Schema of the catalogue. Forms read the parts they understand. */
const jsonSchema = z.record(z.string(), z.unknown());

export const operationSchema = z.object({
  name: z.string(),
  group: z.string(),
  description: z.string(),
  parameters: jsonSchema,
  example: z.record(z.string(), z.unknown()),
});

export type Operation = z.infer<typeof operationSchema>;
