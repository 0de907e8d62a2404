import { create } from "zustand";
import { registerPrivateState } from "@/lib/session/private-state";

interface HiddenImages {
  /** Ids of images whose deletion is pending. No list shows them. */
  hidden: ReadonlySet<number>;
}

export const useHiddenImages = create<HiddenImages>()(() => ({ hidden: new Set() }));

export function hideImages(ids: readonly number[]): void {
  useHiddenImages.setState(({ hidden }) => ({ hidden: new Set([...hidden, ...ids]) }));
}

export function unhideImages(ids: readonly number[]): void {
  useHiddenImages.setState(({ hidden }) => ({
    hidden: new Set([...hidden].filter((id) => !ids.includes(id))),
  }));
}

registerPrivateState(() => useHiddenImages.setState({ hidden: new Set() }));
