"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useSubmitPipeline } from "@/api/images/mutations";
import type { Image } from "@/api/images/schema";
import { operationsQuery } from "@/api/operations/queries";
import { loadPart } from "@/components/lazy-part";
import { FactLine } from "@/components/ui/fact-line";
import { toastError } from "@/lib/errors/toast-error";
import { formatBytes, formatNumber } from "@/lib/format";
import { resultAddress } from "@/lib/routes";
import { toast } from "@/lib/toast";
import { type FinishedPreviewState, useFinishedPreview } from "../hooks/use-finished-preview";
import { type PreviewState, usePreview } from "../hooks/use-preview";
import { useRecipeOfAddress } from "../hooks/use-recipe-of-address";
import { useShownCrop } from "../hooks/use-shown-crop";
import { AS_IT_IS, toBody, writingOnly } from "../model/pipeline";
import { findStepErrors, readForms } from "../model/step-errors";
import { replaceStep, setOpenStep, setParams, useEditor } from "../model/store";
import { Canvas } from "./canvas";
import { EditorBar } from "./editor-bar";
import { StepPanel } from "./step-panel";

const CropLayer = dynamic(() => loadPart(() => import("./crop-layer").then((all) => all.default)), {
  ssr: false,
});

interface EditorProps {
  image: Image;
  /** Begin with the steps of this task. */
  taskId: number | null;
}

/** The preview on the left, the steps on the right. */
export function Editor({ image, taskId }: EditorProps) {
  useRecipeOfAddress(image.id, taskId);
  const router = useRouter();
  const pipeline = useEditor(({ history }) => history.present);
  const openStep = useEditor((state) => state.openStep);
  const [comparing, setComparing] = useState(false);
  const operations = useQuery(operationsQuery);
  const forms = readForms(operations.data);
  const body = toBody(pipeline);
  const empty = body.transformations.length === 0;
  const ownErrors = findStepErrors(pipeline.steps, forms, null);
  const sendable = ownErrors.size === 0;

  const before = usePreview(image.id, AS_IT_IS);
  const preview = useFinishedPreview(image.id, !sendable ? null : empty ? writingOnly(body) : body);
  const errors = findStepErrors(pipeline.steps, forms, preview.error);
  const crop = useShownCrop(image, pipeline, openStep);

  const submit = useSubmitPipeline(image.id);
  const blocked = !sendable
    ? "Correct the marked step first"
    : empty && pipeline.output.format === null
      ? "Add a step or choose a format first"
      : null;
  const apply = () =>
    submit.mutate(empty ? writingOnly(body) : body, {
      onSuccess: (task) => {
        toast.success("Applying", {
          description:
            "The result opens when the task is done. You can also find it in your tasks.",
        });
        router.push(resultAddress(task.id));
      },
      onError: (error) => toastError(error),
    });
  const full = sizeOf(image);
  const frame = empty ? full : (resultOf(preview) ?? full);
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:h-[calc(100dvh-3.5rem)] lg:flex-none">
      <EditorBar
        imageId={image.id}
        name={image.file_name}
        body={body}
        applying={submit.isPending}
        blocked={blocked}
        onApply={apply}
      />
      <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
        {/* On a narrow screen the bar and the picture stay in view above the forms, unless the screen
            is low. What gets the focus below must not scroll behind them: see the margins of the
            <aside>. */}
        <div className="top-28 z-10 h-[44dvh] min-h-72 min-w-0 shrink-0 border-b max-lg:[@media(min-height:40rem)]:sticky lg:h-auto lg:flex-1 lg:border-b-0">
          {crop?.ready ? (
            <div className="size-full bg-canvas">
              <CropLayer
                key={crop.step.key}
                src={crop.src}
                frame={crop.frame}
                step={crop.step}
                onChange={(params) => setParams(crop.step.key, params, "drag")}
                onShape={replaceStep}
                onDone={() => setOpenStep(null)}
                onCancel={(before) => {
                  if (before !== crop.step) {
                    replaceStep(before);
                  }
                  setOpenStep(null);
                }}
              />
            </div>
          ) : (
            <Canvas
              before={before.shown?.url ?? null}
              after={preview.shown?.url ?? null}
              busy={preview.busy || crop !== null}
              comparing={comparing}
              onCompare={setComparing}
              caption={<Caption image={image} preview={preview} empty={empty} />}
            />
          )}
        </div>
        <aside
          aria-label="Steps and output"
          className="max-lg:[@media(min-height:40rem)]:**:scroll-mt-[calc(max(44dvh,18rem)+7.5rem)] lg:w-92 lg:shrink-0 lg:overflow-y-auto lg:border-l"
        >
          <StepPanel
            image={image}
            pipeline={pipeline}
            operations={operations.data ?? []}
            forms={forms}
            errors={errors}
            openStep={openStep}
            frame={frame}
            problem={sendable ? (preview.error ?? operations.error) : null}
          />
        </aside>
      </div>
    </div>
  );
}

interface CaptionProps {
  image: Image;
  preview: FinishedPreviewState;
  empty: boolean;
}

/** The size of the result and, if the preview tells it, of its file. */
function Caption({ image, preview, empty }: CaptionProps) {
  const { shown, fileBytes, estimating } = preview;
  const source = sizeOf(image);
  if (!shown || !source) {
    return null;
  }
  const { width, height } = empty ? source : shown;
  return (
    <FactLine>
      <span>
        {!empty && !shown.exact && "at most "}
        {formatNumber(width)} × {formatNumber(height)} px
      </span>
      <span>{shown.format}</span>
      {(estimating || fileBytes !== null) && (
        <span>
          {estimating || fileBytes === null
            ? "estimating the file size…"
            : `about ${formatBytes(fileBytes)}`}
        </span>
      )}
    </FactLine>
  );
}

function sizeOf(image: Image): { width: number; height: number } | null {
  const { width, height } = image.metadata;
  return width && height ? { width, height } : null;
}

function resultOf({ shown }: PreviewState): { width: number; height: number } | null {
  return shown && shown.width > 0 ? { width: shown.width, height: shown.height } : null;
}
