import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Preview, type PreviewBody, previewQuery } from "@/api/images/preview";
import { useDebounced } from "@/lib/hooks/use-debounced";

/** How long the pipeline must stay the same before its preview is fetched, ms. */
const DEBOUNCE = 100;

export interface PreviewState {
  /** The last preview. It may belong to an earlier pipeline. */
  shown: Preview | null;
  /** A newer preview is being made. */
  busy: boolean;
  /** Why there is no preview of the current pipeline. */
  error: unknown;
}

/**
 * The preview of a pipeline that is being edited.
 *
 * While the next preview is made, and when the server refuses to make it, the last one stays. A
 * second observer keeps it in the cache: `placeholderData` would drop it in the case of a refusal.
 *
 * @param body null while the pipeline is invalid
 */
export function usePreview(imageId: number, body: PreviewBody | null): PreviewState {
  const wanted = body && JSON.stringify(body);
  const settled = useDebounced(wanted, DEBOUNCE, null);
  const { data, error, isFetching } = useQuery({
    ...previewQuery(imageId, wanted),
    enabled: wanted !== null && settled === wanted,
  });
  const [last, setLast] = useState<Outcome>({ of: null, error: null });
  const lastPreview = useQuery({ ...previewQuery(imageId, last.of), enabled: false });
  const outcome = nextOutcome(last, wanted, data, error);
  if (outcome !== last) {
    setLast(outcome);
  }
  return {
    shown: data ?? lastPreview.data ?? null,
    busy: wanted !== null && (isFetching || (!data && !error)),
    error: outcome.error,
  };
}

interface Outcome {
  /** JSON of the last body that has a preview. */
  of: string | null;
  /** The error of the last body that has none. */
  error: unknown;
}

function nextOutcome(last: Outcome, wanted: string | null, data: unknown, error: unknown): Outcome {
  const next = data
    ? { of: wanted, error: null }
    : wanted === null || error
      ? { of: last.of, error }
      : last; // still open
  return next.of === last.of && next.error === last.error ? last : next;
}
