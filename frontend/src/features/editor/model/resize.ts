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

/** The same step with its size in another unit. @param pixels the sides that were given before */
export function withUnit(params: Params, unit: SizeUnit, pixels: Params): Params {
  const rest = without(params, "width", "height", "scale");
  return unit === "%" ? { ...rest, scale: HALF } : { ...rest, ...pixels };
}

export function without(params: Params, ...names: string[]): Params {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));
}
