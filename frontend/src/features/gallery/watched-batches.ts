import { create } from "zustand";
import { registerPrivateState } from "@/lib/session/private-state";

interface WatchedState {
  /** Ids of running batches that were started on this page. */
  batches: readonly number[];
}

export const useWatchedBatches = create<WatchedState>()(() => ({ batches: [] }));

export function watchBatch(id: number): void {
  useWatchedBatches.setState(({ batches }) => ({ batches: [...batches, id] }));
}

export function unwatchBatch(id: number): void {
  useWatchedBatches.setState(({ batches }) => ({ batches: batches.filter((one) => one !== id) }));
}

registerPrivateState(() => useWatchedBatches.setState({ batches: [] }));
