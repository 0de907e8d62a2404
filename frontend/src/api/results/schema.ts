import { metadataSchema } from "@/api/images/schema";
import { z } from "@/lib/zod";

export const resultSchema = z.object({
  id: z.number(),
  /** Link that works for a limited time. */
  file: z.string().nullable(),
  file_name: z.string(),
  metadata: metadataSchema,
  created_at: z.string(),
});

export type Result = z.infer<typeof resultSchema>;
