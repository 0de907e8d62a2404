import type { PipelineBody } from "@/api/tasks/pipeline-body";
import { type PreviewState, usePreview } from "./use-preview";

/** Formats that browsers show. */
const BROWSER_FORMATS = new Set(["JPEG", "PNG", "WEBP", "AVIF", "GIF"]);

/**
 * The preview of the pipeline: first in the fastest format, then in the format and quality of the
 * result, which shows the effect of compression and the approximate size of the file.
 *
 * @param body null while the pipeline is invalid; the last preview stays
 */
export function useFinishedPreview(imageId: number, body: PipelineBody | null): PreviewState {
  const quick = usePreview(imageId, body);
  const { shown } = quick;
  const encoded: PipelineBody | null =
    shown && BROWSER_FORMATS.has(shown.format) ? { ...JSON.parse(shown.of), encoded: true } : null;
  const current = body !== null && shown?.of === JSON.stringify(body);
  const finished = usePreview(imageId, current ? encoded : null);
  // After a change the finished preview stays until the quick one of the new pipeline is there.
  const isFinished = encoded !== null && finished.shown?.of === JSON.stringify(encoded);
  return isFinished ? { ...quick, shown: finished.shown } : quick;
}
