import { isAbsent, type Params } from "./validate";

export type Side = "width" | "height";
export type SizeUnit = "px" | "%";

/** The parameters of resize that `ResizeForm` shows in controls of its own. */
export const SIZE_PARAMETERS: ReadonlySet<string> = new Set([
  "width",
  "height",
  "scale",
  "upscale",
]);

/** The size in pixels, and how the picture is fitted to it. A size in per cent has none of them. */
const BOX_PARAMETERS = ["width", "height", "fit", "anchor", "focal_x", "focal_y"];
const HALF = 50;

/** The unit of the size. An emptied percentage is `""`, so that its field stays. */
export function unitOf(params: Params): SizeUnit {
  return params.scale === undefined || params.scale === null ? "px" : "%";
}

/** Whether both sides are given and stretch the picture. */
export function isStretched(params: Params): boolean {
  return isFilled(params) && !isAbsent(params.width) && !isAbsent(params.height);
}

/** Whether the picture takes the size as it is. All other ways to fit keep its shape anyway. */
export function isFilled(params: Params): boolean {
  return isAbsent(params.fit) || params.fit === "fill";
}

/**
 * Set one side.
 *
 * @param locked remove the other side, which the server then computes from the shape of the picture
 */
export function withSide(params: Params, side: Side, value: unknown, locked: boolean): Params {
  const other = side === "width" ? "height" : "width";
  const next = without(params, side, ...(locked && !isAbsent(value) ? [other] : []));
  return isAbsent(value) ? next : { ...next, [side]: value };
}

/** The same step with its size in another unit. @param box its `boxOf` before */
export function withUnit(params: Params, unit: SizeUnit, box: Params): Params {
  return unit === "%" ? withScale(params, HALF) : { ...without(params, "scale"), ...box };
}

/** The same step with its size in per cent. */
export function withScale(params: Params, scale: unknown): Params {
  return { ...without(params, ...BOX_PARAMETERS), scale };
}

/** The size in pixels, and how the picture is fitted to it. */
export function boxOf(params: Params): Params {
  return Object.fromEntries(Object.entries(params).filter(([name]) => isOfBox(name)));
}

/** Whether the parameter has no meaning for a size in per cent. */
export function isOfBox(name: string): boolean {
  return BOX_PARAMETERS.includes(name);
}

export function without(params: Params, ...names: string[]): Params {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));
}
