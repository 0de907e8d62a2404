import type { ReactNode } from "react";
import { create } from "zustand";

export type ToastTone = "neutral" | "success" | "error" | "progress";

interface ToastOptions {
  /** A toast replaces the toast with the same id. */
  id?: string;
  description?: ReactNode;
  action?: { label: string; run: () => void };
  /** ms; Infinity: until closed. The default depends on the tone. */
  duration?: number;
}

export interface Toast extends ToastOptions {
  id: string;
  title: string;
  tone: ToastTone;
  duration: number;
}

const MAX_SHOWN = 4;
const DURATION: Record<ToastTone, number> = {
  neutral: 5000,
  success: 5000,
  error: 10_000,
  progress: Number.POSITIVE_INFINITY,
};

interface ToastState {
  toasts: Toast[];
}

export const useToasts = create<ToastState>()(() => ({ toasts: [] }));

let next = 0;

function show(tone: ToastTone) {
  return (title: string, options: ToastOptions = {}): string => {
    const id = options.id ?? `toast-${++next}`;
    const made: Toast = { duration: DURATION[tone], ...options, id, title, tone };
    useToasts.setState(({ toasts }) => ({
      toasts: [...toasts.filter((one) => one.id !== id), made].slice(-MAX_SHOWN),
    }));
    return id;
  };
}

/** Short messages at the edge of the page. Each function returns the id of the toast. */
export const toast = {
  show: show("neutral"),
  success: show("success"),
  error: show("error"),
  progress: show("progress"),
  dismiss(id: string): void {
    useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.id !== id) }));
  },
};
