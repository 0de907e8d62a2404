import type { Task } from "./task";

/** The request that makes the same of another image. */
export function requestOf({
  transformations,
  format,
  options,
}: Pick<Task, "transformations" | "format" | "options">) {
  const { quality, lossless, metadata, background } = options;
  return {
    transformations,
    format: format.toLowerCase(),
    ...(quality !== null && { quality }),
    ...(lossless && { lossless }),
    ...(metadata && { metadata }),
    ...(background && { background }),
  };
}
