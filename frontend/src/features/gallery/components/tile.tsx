"use client";

import { CircleAlert } from "lucide-react";
import Link from "next/link";
import type { MouseEvent } from "react";
import { type Image, previewOf } from "@/api/images/schema";
import { Picture } from "@/components/picture/picture";
import { Spinner } from "@/components/ui/spinner";
import { cn } from "@/lib/cn";
import { imageAddress } from "@/lib/routes";
import { selection, useSelection } from "../selection";
import { describe } from "./describe";
import { SelectBox } from "./select-box";

export interface TileProps {
  image: Image;
  index: number;
  /** The ids in the order shown, for a selection with shift. */
  order: readonly number[];
  onLost: (id: number) => void;
}

/** While images are selected, a click selects another image instead of opening it. */
export function onImageClick(event: MouseEvent, id: number, order: readonly number[]): void {
  if (event.metaKey || event.ctrlKey) {
    return; // the browser opens a new tab
  }
  if (event.shiftKey) {
    event.preventDefault();
    selection.extendTo(id, order);
  } else if (useSelection.getState().selected.size > 0) {
    event.preventDefault();
    selection.toggle(id);
  }
}

/** An image in the grid. */
export function Tile({ image, index, order, onLost }: TileProps) {
  const { id, file_name: name, status } = image;
  const selected = useSelection((state) => state.selected.has(id));
  const selecting = useSelection((state) => state.selected.size > 0);
  return (
    <div data-tile={index} className="group relative min-w-0">
      <Link
        href={imageAddress(id)}
        prefetch={false}
        onClick={(event) => onImageClick(event, id, order)}
        className="block rounded-xl outline-offset-2"
      >
        <div
          className={cn(
            // The border is above the picture, so that a white picture stands out on a white page.
            "relative overflow-hidden rounded-xl transition-shadow after:pointer-events-none after:absolute after:inset-0 after:rounded-xl after:ring-1 after:ring-foreground/10 after:ring-inset",
            selected && "bg-primary-soft after:ring-2 after:ring-primary",
          )}
        >
          {status === "ready" ? (
            <Picture
              src={previewOf(image)}
              thumbhash={image.metadata.thumbhash}
              onLost={() => onLost(id)}
              className={cn(
                "aspect-4/3 transition-transform duration-300",
                selected && "scale-[0.92] rounded-lg",
              )}
            />
          ) : (
            <Unready image={image} />
          )}
        </div>
        <span className="mt-2 block truncate font-medium text-[13px]">{name}</span>
        <span className="block h-4 truncate text-muted-foreground text-xs">{describe(image)}</span>
      </Link>
      <SelectBox
        image={image}
        order={order}
        className={cn(
          "absolute top-2.5 left-2.5 border-white/80 bg-black/30 backdrop-blur-sm transition-opacity pointer-coarse:opacity-100",
          selected || selecting
            ? "opacity-100"
            : "opacity-0 focus-visible:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100",
        )}
      />
    </div>
  );
}

function Unready({ image }: { image: Image }) {
  return (
    <div className="flex aspect-4/3 flex-col items-center justify-center gap-2 bg-muted p-3 text-center text-muted-foreground text-xs">
      {image.status === "importing" ? (
        <>
          <Spinner className="size-5" />
          Importing
        </>
      ) : (
        <>
          <CircleAlert aria-hidden className="size-5 text-danger" />
          <span className="line-clamp-3">
            {image.error_message ?? "This image cannot be opened."}
          </span>
        </>
      )}
    </div>
  );
}
