"use client";

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useImperativeHandle, useRef } from "react";
import type { Image } from "@/api/images/schema";
import type { View } from "../view";
import { ListRow } from "./list-row";
import { GAP, rowHeight } from "./measures";
import { Tile } from "./tile";

export interface ImageListHandle {
  /** Scroll to the image with this index and focus it. */
  focusAt: (index: number) => void;
}

interface ImageListProps {
  ref: RefObject<ImageListHandle | null>;
  images: readonly Image[];
  order: readonly number[];
  view: View;
  columns: number;
  /** px */
  width: number;
  onLost: (id: number) => void;
  /** Called when the end comes into view. */
  onEnd: () => void;
}

/** A virtual list: only the rows in view, and a few around them, are in the document. */
export function ImageList({
  ref,
  images,
  order,
  view,
  columns,
  width,
  onLost,
  onEnd,
}: ImageListProps) {
  "use no memo"; // the virtualizer changes in place, so its results must not be cached
  const room = useRef<HTMLUListElement>(null);
  const rowCount = Math.ceil(images.length / columns);
  const height = rowHeight(view, columns, width);
  const rows = useWindowVirtualizer({
    count: rowCount,
    estimateSize: () => height,
    overscan: 3,
    scrollMargin: room.current?.offsetTop ?? 0,
  });
  // Heights that were measured at another width must not stay.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `height` is what the estimate rests on
  useEffect(() => rows.measure(), [height, rows]);
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= rowCount - 3) {
      onEnd();
    }
  }, [last, rowCount, onEnd]);
  useImperativeHandle(
    ref,
    () => ({
      focusAt(index) {
        rows.scrollToIndex(Math.floor(index / columns), { align: "auto" });
        focusWhenThere(room.current, index, 10);
      },
    }),
    [rows, columns],
  );
  const tile = (width - GAP * (columns - 1)) / columns;
  const Item = view === "grid" ? Tile : ListRow;
  return (
    <ul ref={room} aria-label="Images" className="relative" style={{ height: rows.getTotalSize() }}>
      {shown.flatMap(({ index: row, start }) =>
        images.slice(row * columns, (row + 1) * columns).map((image, column) => {
          const index = row * columns + column;
          const x = view === "grid" ? column * (tile + GAP) : 0;
          const y = start - rows.options.scrollMargin;
          return (
            <li
              key={image.id}
              aria-posinset={index + 1}
              aria-setsize={images.length}
              className="absolute top-0 left-0"
              style={{
                width: view === "grid" ? tile : "100%",
                transform: `translate(${x}px, ${y}px)`,
              }}
            >
              <Item image={image} index={index} order={order} onLost={onLost} />
            </li>
          );
        }),
      )}
    </ul>
  );
}

function focusWhenThere(room: HTMLElement | null, index: number, tries: number): void {
  const link = room?.querySelector<HTMLElement>(`[data-tile="${index}"] a`);
  if (link) {
    link.focus({ preventScroll: true });
  } else if (tries > 0) {
    requestAnimationFrame(() => focusWhenThere(room, index, tries - 1));
  }
}
