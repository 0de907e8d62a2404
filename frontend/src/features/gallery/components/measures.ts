import type { View } from "../view";

/** Distance between tiles, px. */
export const GAP = 16;
/** A CSS grid with the columns of `columnsFor`, until the width is known. */
export const GRID =
  "grid gap-4 grid-cols-[repeat(auto-fill,minmax(min(150px,calc(50%-8px)),1fr))] sm:grid-cols-[repeat(auto-fill,minmax(210px,1fr))]";
const LEAST_TILE = 150;
const WANTED_TILE = 210;
/** Height of the name and facts below a picture, px. */
const CAPTION = 46;
const LIST_ROW = 64;

/** The number of columns for a width, px; at least two. */
export function columnsFor(view: View, width: number): number {
  if (view === "list") {
    return 1;
  }
  const tile = width < 640 ? LEAST_TILE : WANTED_TILE;
  return Math.max(2, Math.floor((width + GAP) / (tile + GAP)));
}

/** The height of a row with the distance to the next, px. */
export function rowHeight(view: View, columns: number, width: number): number {
  if (view === "list") {
    return LIST_ROW;
  }
  const tile = (width - GAP * (columns - 1)) / columns;
  return Math.round(tile * 0.75) + CAPTION + GAP;
}
