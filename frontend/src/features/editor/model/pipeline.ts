import type { Operation } from "@/api/operations/schema";
import type { PipelineBody } from "@/api/tasks/pipeline-body";
import type { Step } from "@/api/tasks/schema";
import { isAbsent, type Params } from "./validate";

/** A step in the editor. It can be off, and keeps its key when it is moved. */
export interface EditorStep {
  key: string;
  operation: string;
  params: Params;
  on: boolean;
  /** The shape that a crop keeps while it is dragged: `4:3`, `original`; absent: any. */
  shape?: string;
}

/** How the result is written. null means the server's default. */
export interface Output {
  /** Lower case; null: the format of the image. */
  format: string | null;
  quality: number | "auto" | null;
  lossless: true | null;
  metadata: "keep" | "strip" | null;
  /** Background for transparent areas. */
  background: string | null;
}

export interface Pipeline {
  steps: readonly EditorStep[];
  output: Output;
}

export const EMPTY: Pipeline = {
  steps: [],
  output: { format: null, quality: null, lossless: null, metadata: null, background: null },
};

/** The request body: only steps that are on, without absent values. */
export function toBody({ steps, output }: Pipeline): PipelineBody {
  return {
    transformations: steps.filter((step) => step.on).map(toStep),
    ...Object.fromEntries(Object.entries(output).filter(([, value]) => value !== null)),
  };
}

function toStep({ operation, params }: EditorStep): Step {
  return {
    operation,
    params: Object.fromEntries(Object.entries(params).filter(([, value]) => !isAbsent(value))),
  };
}

export function fromSteps(steps: readonly Step[]): EditorStep[] {
  return steps.map(({ operation, params }) => ({ key: newKey(), operation, params, on: true }));
}

/** A new step with the values of the catalogue's example. */
export function newStep(operation: Operation): EditorStep {
  const params = (operation.example.params ?? {}) as Params;
  return { key: newKey(), operation: operation.name, params: { ...params }, on: true };
}

function newKey(): string {
  return crypto.randomUUID();
}

/** The same output options with a step that changes nothing: a pipeline needs at least one step. */
export function writingOnly({ transformations: _, ...output }: PipelineBody): PipelineBody {
  const step = { operation: "brightness", params: { amount: 0 } };
  return { transformations: [step], ...output };
}

/** A body that shows the picture before any step. */
export const AS_IT_IS: PipelineBody = writingOnly({ transformations: [] });
