import { create } from "zustand";
import { uploadImage } from "@/api/images/mutations";
import type { UploadedImage } from "@/api/images/schema";
import { ApiProblem, NetworkProblem } from "@/lib/api/problem";
import { loadConfig } from "@/lib/config";
import { explain } from "@/lib/errors/explain";
import { registerPrivateState } from "@/lib/session/private-state";
import { maybeSignedIn, useSessionStore } from "@/lib/session/store";
import { refusalOf } from "./check-file";
import { deleteDuplicate } from "./delete-duplicate";

/**
 * `processing`: all bytes are sent, and the server checks them. `done` stays until it is cleared.
 */
type UploadState = "waiting" | "sending" | "processing" | "done" | "failed" | "cancelled";

export interface Upload {
  id: string;
  file: File;
  state: UploadState;
  /** Share of the bytes that were sent, 0..1. */
  progress: number;
  /** Why the upload failed, for people. */
  error: string | null;
  /** Whether the same file may succeed another time. */
  retryable: boolean;
  image: UploadedImage | null;
}

interface QueueState {
  uploads: readonly Upload[];
  /** Why the queue is paused, for people; null if it is not. */
  paused: string | null;
}

export const PARALLEL = 3;
/** How often a file is sent when the connection breaks. */
const TRIES = 3;
const BACKOFF = 1000;

export const useUploadQueue = create<QueueState>()(() => ({ uploads: [], paused: null }));

const running = new Map<string, AbortController>();
const listeners = new Set<(image: UploadedImage) => void>();
let tries = new Map<string, number>();
let wake: ReturnType<typeof setTimeout> | undefined;

/** Call `listener` with every new image. @returns a function that removes the listener */
export function onUploaded(listener: (image: UploadedImage) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Add files to the queue. Files that the server would refuse fail at once. */
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
    pause("Uploads start when you sign in.");
  }
  startUploads();
}

export function cancelUpload(id: string): void {
  if (isActive(find(id))) {
    change(id, { state: "cancelled", retryable: true });
    running.get(id)?.abort(new DOMException("Cancelled", "AbortError"));
    startUploads();
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
    startUploads();
  }
}

export function retryFailedUploads(): void {
  for (const { id, state } of useUploadQueue.getState().uploads) {
    if (state === "failed") {
      retryUpload(id);
    }
  }
}

/** Remove the uploads that have ended. */
export function clearFinishedUploads(): void {
  useUploadQueue.setState(({ uploads }) => ({ uploads: uploads.filter(isActive) }));
}

export function isActive(upload: Upload | undefined): boolean {
  return (
    upload !== undefined &&
    (upload.state === "waiting" || upload.state === "sending" || upload.state === "processing")
  );
}

function startUploads(): void {
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
    const isDuplicate = await deleteDuplicate(image);
    change(id, { state: "done", progress: 1, image });
    for (const listener of isDuplicate ? [] : listeners) {
      listener(image);
    }
  } catch (error) {
    if (!controller.signal.aborted) {
      afterFailure(id, error);
    }
  } finally {
    running.delete(id);
    startUploads();
  }
}

/** Send the file again if that may help. Otherwise mark the upload as failed. */
function afterFailure(id: string, error: unknown): void {
  if (error instanceof ApiProblem && error.status === 401) {
    change(id, { state: "waiting", progress: 0 });
    pause("Sign in again to continue.");
    return;
  }
  if (error instanceof ApiProblem && error.status === 429) {
    change(id, { state: "waiting", progress: 0 });
    pause(
      "The server is busy. Uploads continue in a moment.",
      (error.extra.retryAfter ?? 5) * 1000,
    );
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
      pause("The connection was lost. Trying again.", BACKOFF * 2 ** (tried - 1));
      return;
    }
  }
  const isTemporary = !(error instanceof ApiProblem) || error.status >= 500 || error.status === 409;
  const overQuota = error instanceof ApiProblem && error.code === "quota_exceeded";
  change(id, {
    state: "failed",
    error: explain(error).detail,
    retryable: isTemporary || overQuota,
  });
}

/** @param ms when to resume; if absent, an event resumes the queue */
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
    return; // the next sign-in resumes the queue
  }
  useUploadQueue.setState({ paused: null });
  startUploads();
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
