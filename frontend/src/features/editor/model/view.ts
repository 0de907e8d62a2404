/** How the picture is shown: magnified, and moved away from the centre of its room. */
export interface View {
  scale: number;
  /** How far the centre of the picture is moved, px of the screen. */
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

export const FIT: View = { scale: 1, x: 0, y: 0 };
const MAX_SCALE = 8;

/** Magnify by a factor. The part of the picture at `at`, px from the centre, stays there. */
export function zoom(view: View, factor: number, at: Point): View {
  const scale = Math.min(MAX_SCALE, Math.max(1, view.scale * factor));
  const growth = scale / view.scale;
  return {
    scale,
    x: at.x - (at.x - view.x) * growth,
    y: at.y - (at.y - view.y) * growth,
  };
}

/**
 * Move the picture back as far as needed: where it is larger than its room, it fills the room, and
 * where it is not, it stays in the centre.
 *
 * @param picture its size when it fits into the room, with the distance that it keeps to the edge
 */
export function keepInView(view: View, picture: Size, room: Size): View {
  return {
    scale: view.scale,
    x: within(view.x, (picture.width * view.scale - room.width) / 2),
    y: within(view.y, (picture.height * view.scale - room.height) / 2),
  };
}

function within(value: number, most: number): number {
  return most <= 0 ? 0 : Math.min(most, Math.max(-most, value));
}
