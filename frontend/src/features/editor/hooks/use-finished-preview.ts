import { useQuery } from "@tanstack/react-query";
import { fileSizeQuery } from "@/api/images/file-size";
import type { PipelineBody } from "@/api/tasks/pipeline-body";
import { useDebounced } from "@/lib/hooks/use-debounced";
import { type PreviewState, usePreview } from "./use-preview";

/** Formats that browsers show. */
const BROWSER_FORMATS = new Set(["JPEG", "PNG", "WEBP", "AVIF", "GIF"]);

/** How long a pipeline rests before the size of its file is estimated, ms: that takes seconds. */
const REST = 700;

export interface FinishedPreviewState extends PreviewState {
  /** About how large the file of the result will be; null where the server does not tell. */
  fileBytes: number | null;
  /** `fileBytes` is not there yet. */
  estimating: boolean;
}

/**
 * The preview of the pipeline: first in the fastest format, then in the format and quality of the
 * result, which shows the effect of compression, if browsers show that format. The size of the file
 * is estimated when the pipeline no longer changes.
 *
 * @param body null while the pipeline is invalid; the last preview stays
 */
export function useFinishedPreview(
  imageId: number,
  body: PipelineBody | null,
): FinishedPreviewState {
  const quick = usePreview(imageId, body);
  const { shown } = quick;
  const current = body !== null && shown?.of === JSON.stringify(body) ? shown : null;
  const encoded: PipelineBody | null =
    shown && BROWSER_FORMATS.has(shown.format) ? { ...JSON.parse(shown.of), encoded: true } : null;
  const finished = usePreview(imageId, current && encoded);
  // After a change the finished preview stays until the quick one of the new pipeline is there.
  const isFinished = encoded !== null && finished.shown?.of === JSON.stringify(encoded);
  const pipeline = current?.of ?? null;
  const rested = useDebounced(pipeline, REST);
  const size = useQuery(fileSizeQuery(imageId, rested === pipeline ? pipeline : null));
  return {
    ...quick,
    shown: isFinished ? finished.shown : shown,
    fileBytes: size.data ?? null,
    estimating: body !== null && !quick.error && size.isPending,
  };
}
