"use client";

import { useShortcuts } from "@/lib/shortcuts/registry";
import { selection, useSelection } from "../selection";
import { setView, useView } from "../view";

interface Keys {
  order: readonly number[];
  /** Images per row. */
  columns: number;
  /** Scroll to the tile with this index and focus it. */
  focusAt: (index: number) => void;
  onDelete: () => void;
  onSearch: () => void;
}

const GROUP = "Gallery";

export function useGalleryKeys({ order, columns, focusAt, onDelete, onSearch }: Keys): void {
  const some = useSelection((state) => state.selected.size > 0);
  const move = (keys: string, label: string, by: number) => ({
    keys,
    label,
    group: GROUP,
    when: () => focusedIndex() !== undefined,
    run: () => {
      const index = (focusedIndex() ?? 0) + by;
      if (index >= 0 && index < order.length) {
        focusAt(index);
      }
    },
  });
  useShortcuts([
    { keys: "/", label: "Search", group: GROUP, run: onSearch },
    {
      keys: "v",
      label: "Grid or list",
      group: GROUP,
      run: () => setView(useView.getState().view === "grid" ? "list" : "grid"),
    },
    move("ArrowRight", "Next image", 1),
    move("ArrowLeft", "Previous image", -1),
    move("ArrowDown", "Image below", columns),
    move("ArrowUp", "Image above", -columns),
    {
      keys: "x",
      label: "Select the focused image",
      group: GROUP,
      run: () => {
        const id = order[focusedIndex() ?? -1];
        if (id !== undefined) {
          selection.toggle(id);
        }
      },
    },
    {
      keys: "mod+a",
      label: "Select all loaded images",
      group: GROUP,
      run: () => selection.set(order),
    },
  ]);
  useShortcuts(
    [
      { keys: "Escape", label: "Clear the selection", group: GROUP, run: selection.clear },
      { keys: "Delete", label: "Delete the selected images", group: GROUP, run: onDelete },
    ],
    some,
  );
}

/** The index of the tile that has or contains the focus. */
function focusedIndex(): number | undefined {
  const tile = document.activeElement?.closest<HTMLElement>("[data-tile]");
  return tile ? Number(tile.dataset.tile) : undefined;
}
