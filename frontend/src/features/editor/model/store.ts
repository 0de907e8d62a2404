import { create } from "zustand";
import { stepSchema } from "@/api/tasks/schema";
import { PRIVATE_PREFIX, registerPrivateState } from "@/lib/session/private-state";
import { z } from "@/lib/zod";
import { begin, change, type History, redo, undo } from "./history";
import { type EditorStep, EMPTY, type Pipeline } from "./pipeline";

const PREFIX = `${PRIVATE_PREFIX}pipeline:`;

const stored = z.object({
  steps: z.array(stepSchema.extend({ key: z.string(), on: z.boolean() })),
  output: z.object({
    format: z.string().nullable(),
    quality: z.union([z.number(), z.literal("auto")]).nullable(),
    // Absent in what an earlier version of the page has left.
    lossless: z.literal(true).nullable().default(null),
    metadata: z.enum(["keep", "strip"]).nullable().default(null),
    background: z.string().nullable().default(null),
  }),
});

interface EditorState {
  /** Id of the image whose pipeline this is. */
  imageId: number | null;
  history: History<Pipeline>;
  /** Key of the step whose form is open. */
  openStep: string | null;
}

const NOTHING: EditorState = { imageId: null, history: begin(EMPTY), openStep: null };

/** The pipeline being edited. It survives reloads and expired sessions, one for each image. */
export const useEditor = create<EditorState>()(() => NOTHING);

registerPrivateState(() => useEditor.setState(NOTHING));

useEditor.subscribe(({ imageId, history }, before) => {
  if (imageId !== null && imageId === before.imageId && history !== before.history) {
    try {
      localStorage.setItem(`${PREFIX}${imageId}`, JSON.stringify(history.present));
    } catch {
      // Kept in memory only.
    }
  }
});

/** Turn to an image; its pipeline is the one it had when it was left. */
export function openImage(imageId: number): void {
  if (useEditor.getState().imageId !== imageId) {
    const kept = read(imageId);
    useEditor.setState({ imageId, history: begin(kept ?? EMPTY), openStep: null });
  }
}

function read(imageId: number): Pipeline | null {
  try {
    const parsed = stored.safeParse(JSON.parse(localStorage.getItem(`${PREFIX}${imageId}`) ?? ""));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** @param about see `history.change` */
export function changePipeline(to: (pipeline: Pipeline) => Pipeline, about = ""): void {
  useEditor.setState(({ history }) => ({
    history: change(history, to(history.present), about, Date.now()),
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

export function setParams(key: string, params: EditorStep["params"], about: string): void {
  changePipeline(
    (pipeline) => ({
      ...pipeline,
      steps: pipeline.steps.map((step) => (step.key === key ? { ...step, params } : step)),
    }),
    `${key}/${about}`,
  );
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
