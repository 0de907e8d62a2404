import { create } from "zustand";
import { uploadImage } from "@/api/images/mutations";
import type { UploadedImage } from "@/api/images/schema";
import { ApiProblem, NetworkProblem } from "@/lib/api/problem";
import { loadConfig } from "@/lib/config";
import { explain } from "@/lib/errors/explain";
import { registerPrivateState } from "@/lib/session/private-state";
import { maybeSignedIn, useSessionStore } from "@/lib/session/store";
import { refusalOf } from "./check-file";
import { keepOne } from "./keep-one";

/**
 * `processing`: all bytes are sent, the server looks at them. `done` stays until it is cleared.
 */
export type UploadState = "waiting" | "sending" | "processing" | "done" | "failed" | "cancelled";

export interface Upload {
  id: string;
  file: File;
  state: UploadState;
  /** Share of the bytes sent, 0..1. */
  progress: number;
  /** Why it failed, for people. */
  error: string | null;
  /** Whether the same file may succeed another time. */
  retryable: boolean;
  image: UploadedImage | null;
}

interface QueueState {
  uploads: readonly Upload[];
  /** Why nothing is sent at the moment, for people. */
  paused: string | null;
}

export const PARALLEL = 3;
/** How often a file is sent again by itself after the connection broke. */
const TRIES = 3;
const BACKOFF = 1000;

export const useUploadQueue = create<QueueState>()(() => ({ uploads: [], paused: null }));

const running = new Map<string, AbortController>();
const listeners = new Set<(image: UploadedImage) => void>();
let tries = new Map<string, number>();
let wake: ReturnType<typeof setTimeout> | undefined;

/** Be told of every image that is new in the gallery. Answers how to stop. */
export function onUploaded(listener: (image: UploadedImage) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Take files in. Those that the server would refuse anyway are marked at once. */
export async function addUploads(files: readonly File[]): Promise<void> {
  const config = await loadConfig().catch(() => null);
  const made = files.map((file): Upload => {
    const error = config === null ? undefined : refusalOf(file, config);
    return {
      id: crypto.randomUUID(),
      file,
      state: error === undefined ? "waiting" : "failed",
      progress: 0,
      error: error ?? null,
      retryable: false,
      image: null,
    };
  });
  useUploadQueue.setState(({ uploads }) => ({ uploads: [...uploads, ...made] }));
  if (!maybeSignedIn()) {
    pause("They wait for you to sign in.");
  }
  pump();
}

export function cancelUpload(id: string): void {
  if (isUnderWay(find(id))) {
    change(id, { state: "cancelled", retryable: true });
    running.get(id)?.abort(new DOMException("Cancelled", "AbortError"));
    pump();
  }
}

export function cancelAllUploads(): void {
  for (const { id } of useUploadQueue.getState().uploads) {
    cancelUpload(id);
  }
}

export function retryUpload(id: string): void {
  if (find(id)?.retryable) {
    tries.delete(id);
    change(id, { state: "waiting", progress: 0, error: null, retryable: false });
    pump();
  }
}

export function retryFailedUploads(): void {
  for (const { id, state } of useUploadQueue.getState().uploads) {
    if (state === "failed") {
      retryUpload(id);
    }
  }
}

/** Forget what is over; what is under way stays. */
export function clearFinishedUploads(): void {
  useUploadQueue.setState(({ uploads }) => ({ uploads: uploads.filter(isUnderWay) }));
}

export function isUnderWay(upload: Upload | undefined): boolean {
  return (
    upload !== undefined &&
    (upload.state === "waiting" || upload.state === "sending" || upload.state === "processing")
  );
}

function pump(): void {
  if (useUploadQueue.getState().paused !== null) {
    return;
  }
  for (const upload of useUploadQueue.getState().uploads) {
    if (running.size >= PARALLEL) {
      return;
    }
    if (upload.state === "waiting" && !running.has(upload.id)) {
      void send(upload);
    }
  }
}

async function send({ id, file }: Upload): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  change(id, { state: "sending", progress: 0 });
  try {
    const image = await uploadImage({
      file,
      idempotencyKey: id,
      signal: controller.signal,
      onProgress: (progress) =>
        change(id, { progress, state: progress === 1 ? "processing" : "sending" }),
    });
    const known = await keepOne(image);
    change(id, { state: "done", progress: 1, image });
    for (const listener of known ? [] : listeners) {
      listener(image);
    }
  } catch (error) {
    if (!controller.signal.aborted) {
      afterFailure(id, error);
    }
  } finally {
    running.delete(id);
    pump();
  }
}

/** Send it again by itself where that helps; otherwise say what is wrong. */
function afterFailure(id: string, error: unknown): void {
  if (error instanceof ApiProblem && error.status === 401) {
    change(id, { state: "waiting", progress: 0 });
    pause("Sign in again to go on.");
    return;
  }
  if (error instanceof ApiProblem && error.status === 429) {
    change(id, { state: "waiting", progress: 0 });
    pause("The server asks to go slower.", (error.extra.retryAfter ?? 5) * 1000);
    return;
  }
  if (error instanceof NetworkProblem) {
    if (!navigator.onLine) {
      change(id, { state: "waiting", progress: 0 });
      pause("You are offline.");
      return;
    }
    const tried = (tries.get(id) ?? 0) + 1;
    tries.set(id, tried);
    if (tried < TRIES) {
      change(id, { state: "waiting", progress: 0 });
      pause("The connection broke.", BACKOFF * 2 ** (tried - 1));
      return;
    }
  }
  const passing = !(error instanceof ApiProblem) || error.status >= 500 || error.status === 409;
  const overQuota = error instanceof ApiProblem && error.code === "quota_exceeded";
  change(id, {
    state: "failed",
    error: explain(error).detail,
    retryable: passing || overQuota,
  });
}

/** @param ms after which to go on; without it something else calls `resume` */
function pause(why: string, ms?: number): void {
  useUploadQueue.setState({ paused: why });
  clearTimeout(wake);
  if (ms !== undefined) {
    wake = setTimeout(resume, ms);
  }
}

function resume(): void {
  clearTimeout(wake);
  if (!maybeSignedIn()) {
    return; // a new session resumes
  }
  useUploadQueue.setState({ paused: null });
  pump();
}

function find(id: string): Upload | undefined {
  return useUploadQueue.getState().uploads.find((one) => one.id === id);
}

function change(id: string, changes: Partial<Upload>): void {
  useUploadQueue.setState(({ uploads }) => ({
    uploads: uploads.map((one) => (one.id === id ? { ...one, ...changes } : one)),
  }));
}

function reset(): void {
  for (const controller of running.values()) {
    controller.abort(new DOMException("Signed out", "AbortError"));
  }
  running.clear();
  clearTimeout(wake);
  tries = new Map();
  useUploadQueue.setState({ uploads: [], paused: null });
}

registerPrivateState(reset);

if (typeof window !== "undefined") {
  addEventListener("online", resume);
  useSessionStore.subscribe(({ starts }, before) => {
    if (starts !== before.starts) {
      resume();
    }
  });
}
