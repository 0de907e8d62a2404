import type { Image } from "@/api/images/schema";
import type { Frame } from "../model/crop-box";
import { AS_IT_IS, type EditorStep, type Pipeline, toBody } from "../model/pipeline";
import { usePreview } from "./use-preview";

type ShownCrop =
  | { step: EditorStep; ready: false }
  | { step: EditorStep; ready: true; src: string; frame: Frame };

/** The crop step whose form is open, with the picture before that step. */
export function useShownCrop(
  image: Image,
  { steps, output }: Pipeline,
  openStep: string | null,
): ShownCrop | null {
  const index = steps.findIndex(
    (step) => step.key === openStep && step.on && step.operation === "crop",
  );
  const step = steps[index];
  const before = toBody({ steps: steps.slice(0, Math.max(0, index)), output });
  const first = before.transformations.length === 0;
  const preview = usePreview(image.id, step ? (first ? AS_IT_IS : before) : null);
  if (!step) {
    return null;
  }
  const { shown } = preview;
  const { width, height } = image.metadata;
  if (!shown || shown.of !== JSON.stringify(first ? AS_IT_IS : before)) {
    return { step, ready: false };
  }
  const frame =
    first && width && height ? { width, height } : { width: shown.width, height: shown.height };
  return { step, ready: true, src: shown.url, frame };
}
