import { useQuery } from "@tanstack/react-query";
import { fileSizeQuery } from "@/api/images/file-size";
import type { PipelineBody } from "@/api/tasks/pipeline-body";
import { type PreviewState, usePreview } from "./use-preview";

/** Formats that browsers show. */
const BROWSER_FORMATS = new Set(["JPEG", "PNG", "WEBP", "AVIF", "GIF"]);

export interface FinishedPreviewState extends PreviewState {
  /** About how large the file of the result will be; null where the server does not tell. */
  fileBytes: number | null;
  /** `fileBytes` is not there yet. */
  estimating: boolean;
}

/**
 * The preview of the pipeline: first in the fastest format, then in the format and quality of the
 * result, which shows the effect of compression. The size of the file is estimated meanwhile.
 *
 * @param body null while the pipeline is invalid; the last preview stays
 */
export function useFinishedPreview(
  imageId: number,
  body: PipelineBody | null,
): FinishedPreviewState {
  const quick = usePreview(imageId, body);
  const { shown } = quick;
  const encoded: PipelineBody | null = shown ? { ...JSON.parse(shown.of), encoded: true } : null;
  const current = body !== null && shown?.of === JSON.stringify(body);
  const finished = usePreview(imageId, current ? encoded : null);
  const size = useQuery(fileSizeQuery(imageId, current && shown ? shown.of : null));
  // After a change the finished preview stays until the quick one of the new pipeline is there.
  const isFinished = encoded !== null && finished.shown?.of === JSON.stringify(encoded);
  const visible = isFinished && finished.shown && BROWSER_FORMATS.has(finished.shown.format);
  return {
    ...quick,
    shown: visible ? finished.shown : shown,
    fileBytes: current ? (size.data ?? null) : null,
    estimating: body !== null && !quick.error && (!current || size.isPending),
  };
}
