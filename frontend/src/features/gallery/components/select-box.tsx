"use client";

import { Checkbox } from "@/components/ui/checkbox";
import { selection, useSelection } from "../selection";
import type { TileProps } from "./tile";

interface SelectBoxProps extends Pick<TileProps, "image" | "order"> {
  className?: string;
}

/** Selects an image; with shift, all images from the one selected last. */
export function SelectBox({ image: { id, file_name: name }, order, className }: SelectBoxProps) {
  const selected = useSelection((state) => state.selected.has(id));
  return (
    <Checkbox
      checked={selected}
      aria-label={`Select ${name}`}
      onClick={(event) => {
        if (event.shiftKey) {
          event.preventDefault();
          selection.extendTo(id, order);
        }
      }}
      onCheckedChange={() => selection.toggle(id)}
      className={className}
    />
  );
}
