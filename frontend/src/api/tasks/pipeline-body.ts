import type { Step, Task } from "./schema";

/** How a result is written. The server has defaults for all of it. */
export interface OutputOptions {
  /** In any case; null: the format of the image. */
  format?: string | null;
  quality?: number | "auto" | null;
  lossless?: boolean;
  metadata?: "keep" | "strip";
  /** Background for transparent areas. */
  background?: string;
}

/** The body of requests that apply or store a pipeline. */
export interface PipelineBody extends OutputOptions {
  transformations: Step[];
}

/** The body that repeats a task, for the same or another image. */
export function pipelineBodyOf({
  transformations,
  format,
  options,
}: Pick<Task, "transformations" | "format" | "options">): PipelineBody {
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
