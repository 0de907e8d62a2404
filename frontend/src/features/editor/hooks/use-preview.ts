import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { type Preview, type PreviewBody, previewQuery } from "@/api/images/preview";

/** The pause before the newest pipeline is sent, ms. Changes during the pause are sent together. */
const PAUSE = 100;

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
 * At most one request is under way. It ends before the newest pipeline is sent: if each change
 * aborted it, no preview would be shown while a slider moves.
 *
 * While the next preview is made, and when the server refuses to make it, the last one stays. A
 * third observer keeps it in the cache: `placeholderData` would drop it in the case of a refusal.
 *
 * @param body null while the pipeline is invalid
 */
export function usePreview(imageId: number, body: PreviewBody | null): PreviewState {
  const wanted = body && JSON.stringify(body);
  const [sent, setSent] = useState<string | null>(null);
  const cached = useQuery({ ...previewQuery(imageId, wanted), enabled: false });
  const needed = wanted !== null && !cached.data;
  if (!needed && sent !== wanted) {
    setSent(wanted);
  }
  const { data, error, failureCount, isFetching } = useQuery(previewQuery(imageId, sent));
  const [last, setLast] = useState<Outcome>({ of: null, error: null });
  const lastPreview = useQuery({ ...previewQuery(imageId, last.of), enabled: false });

  // A request that waits to be repeated, because the server is busy, gives way to the newest.
  const underWay = isFetching && failureCount === 0;
  const due = needed && sent !== wanted && !underWay;
  const sendNewest = useEffectEvent(() => setSent(wanted));
  useEffect(() => {
    if (due) {
      const timer = setTimeout(sendNewest, PAUSE);
      return () => clearTimeout(timer);
    }
  }, [due]);

  const outcome = nextOutcome(last, sent, data, error);
  if (outcome !== last) {
    setLast(outcome);
  }
  const failed = sent === wanted && !isFetching && error !== null;
  return {
    shown: data ?? lastPreview.data ?? null,
    busy: needed && !failed,
    error: outcome.error,
  };
}

interface Outcome {
  /** JSON of the last body that has a preview. */
  of: string | null;
  /** The error of the last body that has none. */
  error: unknown;
}

function nextOutcome(last: Outcome, sent: string | null, data: unknown, error: unknown): Outcome {
  const next = data
    ? { of: sent, error: null }
    : sent === null || error
      ? { of: last.of, error }
      : last; // still open
  return next.of === last.of && next.error === last.error ? last : next;
}
