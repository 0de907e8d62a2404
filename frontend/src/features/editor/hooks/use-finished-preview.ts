import type { PipelineBody } from "../model/pipeline";
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
  const current = body !== null && quick.shown?.of === JSON.stringify(body);
  const encoded: PipelineBody | null =
    current && quick.shown && SHOWABLE.has(quick.shown.format) ? { ...body, encoded: true } : null;
  const finished = usePreview(imageId, encoded);
  const isFinished = encoded !== null && finished.shown?.of === JSON.stringify(encoded);
  return isFinished ? { ...quick, shown: finished.shown } : quick;
}
