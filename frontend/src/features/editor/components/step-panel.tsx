"use client";

import { Wand } from "lucide-react";
import type { Image } from "@/api/images/schema";
import type { Operation } from "@/api/operations/schema";
import { FormError } from "@/components/ui/field";
import { ApiProblem } from "@/lib/api/problem";
import { isUnreachable } from "@/lib/api/server-return";
import { explain } from "@/lib/errors/explain";
import { plural } from "@/lib/format";
import { useConfig } from "@/lib/use-config";
import type { Frame } from "../model/crop-box";
import type { Form } from "../model/parameters";
import { newStep, type Pipeline } from "../model/pipeline";
import { addStep } from "../model/store";
import type { Errors } from "../model/validate";
import { AddStep } from "./add-step";
import { OutputPanel } from "./output-panel";
import { StepList } from "./step-list";

interface StepPanelProps {
  image: Image;
  pipeline: Pipeline;
  operations: readonly Operation[];
  forms: ReadonlyMap<string, Form>;
  errors: ReadonlyMap<string, Errors>;
  openStep: string | null;
  /** Size of the picture to which a new step would be applied, px. */
  frame: Frame | null;
  problem: unknown;
}

/** The steps with their forms, and the output options. */
export function StepPanel(props: StepPanelProps) {
  const { image, pipeline, operations, forms, errors, openStep, frame, problem } = props;
  const { maxSteps } = useConfig();
  const { steps, output } = pipeline;
  const add = (operation: Operation) => {
    const step = newStep(operation);
    addStep({ ...step, params: startingParams(operation.name, frame) ?? step.params });
    return step.key;
  };
  const elsewhere = problem !== null && problem !== undefined && errors.size === 0;
  return (
    <div className="flex flex-col gap-6 p-4">
      <section aria-label="Steps" className="flex flex-col gap-3">
        <div className="flex items-baseline justify-between">
          <h2 className="font-semibold text-sm">Steps</h2>
          <span className="text-muted-foreground text-xs">
            {steps.length > 0 && plural(steps.length, "step")}
          </span>
        </div>
        {elsewhere && <FormError>{detailOf(problem)}</FormError>}
        {steps.length === 0 ? (
          <div className="flex flex-col items-center rounded-xl border border-dashed px-4 py-8 text-center">
            <Wand aria-hidden className="mb-2 size-5 text-muted-foreground" />
            <p className="text-muted-foreground text-sm leading-relaxed">
              Add a step, such as crop or resize. The preview shows its effect immediately.
            </p>
          </div>
        ) : (
          <StepList steps={steps} forms={forms} errors={errors} openStep={openStep} />
        )}
        <AddStep operations={operations} disabled={steps.length >= maxSteps} onAdd={add} />
        {steps.length >= maxSteps && (
          <p className="text-muted-foreground text-xs">At most {maxSteps} steps can be added.</p>
        )}
      </section>
      <section aria-label="Output" className="flex flex-col gap-3 border-t pt-5">
        <h2 className="font-semibold text-sm">Output</h2>
        <OutputPanel output={output} sourceFormat={image.metadata.format} />
      </section>
    </div>
  );
}

function detailOf(problem: unknown): string {
  if (isUnreachable(problem)) {
    return `${explain(problem).title}. The preview will update as soon as the server responds.`;
  }
  return problem instanceof ApiProblem
    ? problem.errors[0]?.detail || problem.detail
    : explain(problem).detail;
}

/** Parameters for this picture where the catalogue's example would not suit its size. */
function startingParams(operation: string, frame: Frame | null): Record<string, unknown> | null {
  if (!frame) {
    return null;
  }
  const { width, height } = frame;
  if (operation === "crop") {
    return {
      x: Math.floor(width * 0.1),
      y: Math.floor(height * 0.1),
      width: Math.max(1, Math.floor(width * 0.8)),
      height: Math.max(1, Math.floor(height * 0.8)),
    };
  }
  return operation === "resize" ? { width: Math.max(1, Math.round(width / 2)) } : null;
}
