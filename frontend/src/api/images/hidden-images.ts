import { create } from "zustand";
import { registerPrivateState } from "@/lib/session/private-state";

interface HiddenImages {
  /** Ids of images that are being deleted: not shown any more, though they may still be there. */
  hidden: ReadonlySet<number>;
}

export const useHiddenImages = create<HiddenImages>()(() => ({ hidden: new Set() }));

export function hideImages(ids: readonly number[]): void {
  useHiddenImages.setState(({ hidden }) => ({ hidden: new Set([...hidden, ...ids]) }));
}

export function unhideImages(ids: readonly number[]): void {
  const shown = new Set(ids);
  useHiddenImages.setState(({ hidden }) => ({
    hidden: new Set([...hidden].filter((id) => !shown.has(id))),
  }));
}

registerPrivateState(() => useHiddenImages.setState({ hidden: new Set() }));
