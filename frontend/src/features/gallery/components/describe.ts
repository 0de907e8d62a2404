import type { Image } from "@/api/images/schema";
import { formatBytes } from "@/lib/format";

/** "4032 × 3024 · JPEG · 2.1 MB", without the parts that are unknown. */
export function describe({ metadata }: Image): string {
  const { width, height, format, size_bytes: bytes } = metadata;
  return [
    width !== undefined && height !== undefined && `${width} × ${height}`,
    format,
    bytes !== undefined && formatBytes(bytes),
  ]
    .filter(Boolean)
    .join(" · ");
}
