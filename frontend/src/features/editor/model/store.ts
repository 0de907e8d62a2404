import { create } from "zustand";
import { stepSchema } from "@/api/tasks/schema";
import { readItem, writeItem } from "@/lib/session/browser-storage";
import { PRIVATE_PREFIX, registerPrivateState } from "@/lib/session/private-state";
import { z } from "@/lib/zod";
import { begin, change, type History, redo, undo } from "./history";
import { type EditorStep, EMPTY, type Pipeline } from "./pipeline";

const STORAGE_PREFIX = `${PRIVATE_PREFIX}pipeline:`;

const storedSchema = z.object({
  steps: z.array(
    stepSchema.extend({ key: z.string(), on: z.boolean(), shape: z.string().optional() }),
  ),
  output: z.object({
    format: z.string().nullable(),
    quality: z.union([z.number(), z.literal("auto")]).nullable(),
    // Earlier versions of the page did not store the following.
    lossless: z.literal(true).nullable().default(null),
    metadata: z.enum(["keep", "strip"]).nullable().default(null),
    background: z.string().nullable().default(null),
  }),
});

interface EditorState {
  /** Id of the image that is being edited. */
  imageId: number | null;
  history: History<Pipeline>;
  /** Key of the step whose form is open. */
  openStep: string | null;
}

const NOTHING: EditorState = { imageId: null, history: begin(EMPTY), openStep: null };

/** The pipeline being edited. One is stored for each image and survives reloads and sign-ins. */
export const useEditor = create<EditorState>()(() => NOTHING);

registerPrivateState(() => useEditor.setState(NOTHING));

useEditor.subscribe(({ imageId, history }, before) => {
  if (imageId !== null && imageId === before.imageId && history !== before.history) {
    writeItem(`${STORAGE_PREFIX}${imageId}`, JSON.stringify(history.present));
  }
});

/** Edit an image, beginning with its stored pipeline. */
export function openImage(imageId: number): void {
  if (useEditor.getState().imageId !== imageId) {
    const stored = readStored(imageId);
    useEditor.setState({ imageId, history: begin(stored ?? EMPTY), openStep: null });
  }
}

function readStored(imageId: number): Pipeline | null {
  try {
    return storedSchema.parse(JSON.parse(readItem(`${STORAGE_PREFIX}${imageId}`) ?? ""));
  } catch {
    return null;
  }
}

/** @param topic see `history.change` */
export function changePipeline(to: (pipeline: Pipeline) => Pipeline, topic = ""): void {
  useEditor.setState(({ history }) => ({
    history: change(history, to(history.present), topic, Date.now()),
  }));
}

export function changeSteps(to: (steps: readonly EditorStep[]) => readonly EditorStep[]): void {
  changePipeline((pipeline) => ({ ...pipeline, steps: to(pipeline.steps) }));
}

export function addStep(step: EditorStep): void {
  changeSteps((steps) => [...steps, step]);
  useEditor.setState({ openStep: step.key });
}

export function removeStep(key: string): void {
  changeSteps((steps) => steps.filter((step) => step.key !== key));
}

export function toggleStep(key: string): void {
  changeSteps((steps) =>
    steps.map((step) => (step.key === key ? { ...step, on: !step.on } : step)),
  );
}

export function setParams(key: string, params: EditorStep["params"], topic: string): void {
  changePipeline(
    (pipeline) => ({
      ...pipeline,
      steps: pipeline.steps.map((step) => (step.key === key ? { ...step, params } : step)),
    }),
    `${key}/${topic}`,
  );
}

/** Replace the step that has the same key. */
export function replaceStep(step: EditorStep): void {
  changeSteps((steps) => steps.map((one) => (one.key === step.key ? step : one)));
}

export function setOpenStep(key: string | null): void {
  useEditor.setState({ openStep: key });
}

export function undoChange(): void {
  useEditor.setState(({ history }) => ({ history: undo(history) }));
}

export function redoChange(): void {
  useEditor.setState(({ history }) => ({ history: redo(history) }));
}
