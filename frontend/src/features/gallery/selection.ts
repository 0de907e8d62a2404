import { create } from "zustand";
import { registerPrivateState } from "@/lib/session/private-state";

interface SelectionState {
  selected: ReadonlySet<number>;
  /** The image selected last, where a selection with shift begins. */
  anchor: number | null;
}

const NONE: SelectionState = { selected: new Set(), anchor: null };

export const useSelection = create<SelectionState>()(() => NONE);

export const selection = {
  toggle(id: number): void {
    useSelection.setState(({ selected }) => {
      const next = new Set(selected);
      if (!next.delete(id)) {
        next.add(id);
      }
      return { selected: next, anchor: id };
    });
  },
  /** Select from the image selected last to this one. @param order the ids in the order shown */
  extendTo(id: number, order: readonly number[]): void {
    const { anchor, selected } = useSelection.getState();
    const from = anchor === null ? -1 : order.indexOf(anchor);
    const to = order.indexOf(id);
    if (from < 0 || to < 0) {
      selection.toggle(id);
      return;
    }
    const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
    useSelection.setState({ selected: new Set([...selected, ...range]) });
  },
  set(ids: Iterable<number>): void {
    useSelection.setState({ selected: new Set(ids) });
  },
  clear(): void {
    useSelection.setState(NONE);
  },
};

registerPrivateState(selection.clear);
