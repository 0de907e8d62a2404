import type { Config } from "@/lib/config";
import { formatBytes } from "@/lib/format";

/** Why the server would refuse the file by its name, type or size; undefined if it would not. */
export function refusalOf(file: File, { upload }: Config): string | undefined {
  if (file.size === 0) {
    return "This file is empty.";
  }
  // Without a type (a rare format, a folder of a camera) only the server can tell.
  if (file.type && !file.type.startsWith("image/")) {
    return `This file is not an image (${file.type}). Supported formats: ${upload.formats.join(", ")}.`;
  }
  if (file.size > upload.maxBytes) {
    return `The file is ${formatBytes(file.size)}; the limit is ${formatBytes(upload.maxBytes)}.`;
  }
  return undefined;
}
