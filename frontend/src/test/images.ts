import type { Image } from "@/api/images/schema";

/** An image as the API answers it. */
export function anImage(id: number, changes: Partial<Image> = {}): Image {
  return {
    id,
    status: "ready",
    file: `http://localhost:3000/file/${id}`,
    thumbnail: null,
    file_name: `photo-${id}.jpg`,
    tags: [],
    metadata: { format: "JPEG", width: 640, height: 480, size_bytes: 12_345, warnings: [] },
    error_message: null,
    created_at: "2026-03-01T12:00:00Z",
    ...changes,
  };
}
