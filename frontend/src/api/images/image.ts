import { z } from "@/lib/zod";

/** What is always known of an image; more keys may be there. */
export const metadataSchema = z.looseObject({
  format: z.string().optional(),
  /** px, the right way up */
  width: z.number().optional(),
  height: z.number().optional(),
  mode: z.string().optional(),
  size_bytes: z.number().optional(),
  frames: z.number().optional(),
  /** Of results: what the file was written with; null where nothing was lost. */
  quality: z.number().nullish(),
  has_alpha: z.boolean().optional(),
  sha256: z.string().optional(),
  /** base64; null until the background has looked */
  thumbhash: z.string().nullish().catch(null),
  dominant_colors: z.array(z.string()).nullish().catch(null),
});

export const imageSchema = z.object({
  id: z.number(),
  status: z.enum(["ready", "importing", "failed"]),
  /** Link that works for a limited time; null until there are bytes. */
  file: z.string().nullable(),
  /** Link to a small picture; null until it was made. */
  thumbnail: z.string().nullish().default(null),
  file_name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  metadata: metadataSchema,
  /** Why its import failed, for people. */
  error_message: z.string().nullish().default(null),
  created_at: z.string(),
  updated_at: z.string(),
});

export type Image = z.infer<typeof imageSchema>;

/** What to show of it in small; the original only while there is nothing smaller. */
export function previewOf(image: Pick<Image, "thumbnail" | "file">): string | null {
  return image.thumbnail ?? image.file;
}
