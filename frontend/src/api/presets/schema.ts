import { stepSchema } from "@/api/tasks/schema";
import { z } from "@/lib/zod";

export const presetSchema = z.object({
  id: z.number(),
  name: z.string(),
  description: z.string(),
  transformations: z.array(stepSchema),
  format: z.string().nullable(),
  quality: z.union([z.number(), z.literal("auto")]).nullable(),
  lossless: z.boolean().nullable(),
  metadata: z.enum(["keep", "strip"]).nullable(),
  background: z.string().nullable(),
});

export type Preset = z.infer<typeof presetSchema>;
