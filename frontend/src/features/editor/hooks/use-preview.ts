import { useEffect, useRef, useState } from "react";
import { ApiProblem } from "@/lib/api/problem";
import { type Preview, previewImage } from "../api/preview-image";
import type { PipelineBody } from "../model/pipeline";
import { PreviewCache } from "../model/preview-cache";

/** How long nothing must change before a preview is asked for, ms. */
const SETTLED = 100;
const BUSY_TRIES = 3;
const BUSY_PAUSE = 700;

export interface ShownPreview extends Omit<Preview, "blob"> {
  url: string;
  /** JSON of the body that it shows. */
  of: string;
}

export interface PreviewState {
  /** The last one that was made; it may be of an earlier pipeline. */
  shown: ShownPreview | null;
  /** A newer one is on its way. */
  busy: boolean;
  /** Why the current pipeline has none. */
  error: unknown;
}

/**
 * The preview of what is being edited, asked for when it has not changed for a moment.
 *
 * @param body null while the pipeline cannot be sent; the last preview stays
 */
export function usePreview(imageId: number, body: PipelineBody | null): PreviewState {
  const [state, setState] = useState<PreviewState>({ shown: null, busy: true, error: null });
  const cache = useRef<PreviewCache<ShownPreview> | null>(null);
  cache.current ??= new PreviewCache();
  useEffect(() => () => cache.current?.clear(), []);

  const wanted = body && JSON.stringify(body);
  useEffect(() => {
    if (wanted === null) {
      setState((before) => ({ ...before, busy: false, error: null }));
      return;
    }
    const known = cache.current?.get(`${imageId}${wanted}`);
    if (known) {
      setState({ shown: known, busy: false, error: null });
      return;
    }
    const abort = new AbortController();
    setState((before) => ({ ...before, busy: true }));
    const timer = setTimeout(async () => {
      try {
        const { blob, ...facts } = await patiently(imageId, JSON.parse(wanted), abort.signal);
        if (abort.signal.aborted) {
          return;
        }
        const shown = { ...facts, url: URL.createObjectURL(blob), of: wanted };
        cache.current?.set(`${imageId}${wanted}`, shown);
        setState({ shown, busy: false, error: null });
      } catch (error) {
        if (!abort.signal.aborted) {
          setState((before) => ({ ...before, busy: false, error }));
        }
      }
    }, SETTLED);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [imageId, wanted]);
  return state;
}

/** Ask again when the server has too much to do, or says when it will take more of this user. */
async function patiently(imageId: number, body: PipelineBody, signal: AbortSignal) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await previewImage(imageId, body, signal);
    } catch (error) {
      const pause = tries < BUSY_TRIES ? pauseBefore(error, tries) : null;
      if (pause === null) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
      signal.throwIfAborted();
    }
  }
}

/** How long to wait before the same is asked again, ms; null where it would not help. */
function pauseBefore(error: unknown, tries: number): number | null {
  if (!(error instanceof ApiProblem)) {
    return null;
  }
  if (error.status === 429) {
    return (error.extra.retryAfter ?? 1) * 1000;
  }
  return error.status === 503 ? BUSY_PAUSE * tries : null;
}
