import type { PipelineBody } from "@/api/tasks/pipeline-body";
import { type PreviewState, usePreview } from "./use-preview";

/** What browsers show. */
const SHOWABLE = new Set(["JPEG", "PNG", "WEBP", "AVIF", "GIF"]);

/**
 * The preview of what is being edited: first as quickly as it can be made, then as the result will
 * be written, which shows what compression does and tells about how large the file will be.
 *
 * @param body null while the pipeline cannot be sent; the last preview stays
 */
export function useFinishedPreview(imageId: number, body: PipelineBody | null): PreviewState {
  const quick = usePreview(imageId, body);
  const { shown } = quick;
  const encoded: PipelineBody | null =
    shown && SHOWABLE.has(shown.format) ? { ...JSON.parse(shown.of), encoded: true } : null;
  const current = body !== null && shown?.of === JSON.stringify(body);
  const finished = usePreview(imageId, current ? encoded : null);
  // After a change the finished one stays until there is a quick one of the new pipeline.
  const isFinished = encoded !== null && finished.shown?.of === JSON.stringify(encoded);
  return isFinished ? { ...quick, shown: finished.shown } : quick;
}
