import type { Params } from "./validate";

/** A rectangle in per cent of the picture. */
export interface PercentBox {
  unit: "%";
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Frame {
  width: number;
  height: number;
}

/** The rectangle of a crop in a picture of this size, px. */
export function toBox(params: Params, frame: Frame): PercentBox {
  const { width, height } = sizeOf(params, frame);
  const { across, down } = spaceBefore(params.anchor);
  const x = typeof params.x === "number" ? params.x : (frame.width - width) * across;
  const y = typeof params.y === "number" ? params.y : (frame.height - height) * down;
  return {
    unit: "%",
    x: (x / frame.width) * 100,
    y: (y / frame.height) * 100,
    width: (width / frame.width) * 100,
    height: (height / frame.height) * 100,
  };
}

/** The crop of a rectangle: whole pixels inside of the picture, at least 1 × 1. */
export function toParams(box: PercentBox, frame: Frame): Params {
  const x = within(Math.round((box.x / 100) * frame.width), 0, frame.width - 1);
  const y = within(Math.round((box.y / 100) * frame.height), 0, frame.height - 1);
  return {
    x,
    y,
    width: within(Math.round((box.width / 100) * frame.width), 1, frame.width - x),
    height: within(Math.round((box.height / 100) * frame.height), 1, frame.height - y),
  };
}

/** The largest centred rectangle with an aspect ratio (width / height). */
export function largest(aspect: number, frame: Frame): PercentBox {
  const wide = frame.width / frame.height > aspect;
  const width = wide ? frame.height * aspect : frame.width;
  const height = wide ? frame.height : frame.width / aspect;
  return {
    unit: "%",
    x: ((frame.width - width) / 2 / frame.width) * 100,
    y: ((frame.height - height) / 2 / frame.height) * 100,
    width: (width / frame.width) * 100,
    height: (height / frame.height) * 100,
  };
}

/**
 * The share of the free space that lies left of and above the rectangle, 0..1.
 *
 * Anchors that depend on the content (face, focal point) count as the centre.
 */
function spaceBefore(anchor: unknown): { across: number; down: number } {
  const name = typeof anchor === "string" ? anchor : "";
  return {
    across: name.endsWith("west") ? 0 : name.endsWith("east") ? 1 : 0.5,
    down: name.startsWith("north") ? 0 : name.startsWith("south") ? 1 : 0.5,
  };
}

function sizeOf(params: Params, frame: Frame): Frame {
  if (typeof params.width === "number" && typeof params.height === "number") {
    return {
      width: Math.min(params.width, frame.width),
      height: Math.min(params.height, frame.height),
    };
  }
  const [w, h] = String(params.aspect ?? "")
    .split(":")
    .map(Number);
  if (w && h) {
    const { width, height } = largest(w / h, frame);
    return { width: (width / 100) * frame.width, height: (height / 100) * frame.height };
  }
  return frame;
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
