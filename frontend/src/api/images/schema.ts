import { z } from "@/lib/zod";

/** Facts about the file of an image or a result. The server may send more keys. */
export const metadataSchema = z.looseObject({
  format: z.string().optional(),
  /** Upright size, px. */
  width: z.number().optional(),
  height: z.number().optional(),
  size_bytes: z.number().optional(),
  frames: z.number().optional(),
  /** Of results: the quality the file was written with; null for lossless files. */
  quality: z.number().nullish(),
  /** Damage that does not keep the picture from being shown. */
  warnings: z.array(z.object({ code: z.string(), detail: z.string() })).default([]),
  /** base64; null until the server has analysed the picture. */
  thumbhash: z.string().nullish().catch(null),
});

export const imageSchema = z.object({
  id: z.number(),
  status: z.enum(["ready", "importing", "failed"]),
  /** Link that works for a limited time; null until the file is stored. */
  file: z.string().nullable(),
  /** Link to a small picture; null until the server has made it. */
  thumbnail: z.string().nullish().default(null),
  file_name: z.string(),
  tags: z.array(z.string()),
  metadata: metadataSchema,
  /** Why the image failed, for people. */
  error_message: z.string().nullish().default(null),
  created_at: z.string(),
});

export const uploadedImageSchema = imageSchema.extend({
  /** Id of the earlier image with the same bytes. */
  duplicate_of: z.number().nullable(),
});

export type Image = z.infer<typeof imageSchema>;
export type UploadedImage = z.infer<typeof uploadedImageSchema>;

/** The link to show where the image is small: the thumbnail, or the original if there is none. */
export function previewOf(image: Pick<Image, "thumbnail" | "file">): string | null {
  return image.thumbnail ?? image.file;
}
