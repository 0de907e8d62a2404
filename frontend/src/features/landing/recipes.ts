/** The pipelines of the pictures in `public/landing/`. The service itself made them. */
export interface Recipe {
  name: string;
  title: string;
  steps: readonly { operation: string; params: Record<string, string | number> }[];
}

export const RECIPES: readonly [Recipe, ...Recipe[]] = [
  {
    name: "watercolor",
    title: "Watercolour",
    steps: [{ operation: "watercolor", params: { paper: 0.6 } }],
  },
  {
    name: "film",
    title: "Old film",
    steps: [
      { operation: "temperature", params: { amount: -18 } },
      { operation: "saturation", params: { amount: -35 } },
      { operation: "vignette", params: { amount: 0.6 } },
    ],
  },
  {
    name: "duotone",
    title: "Duotone",
    steps: [
      { operation: "contrast", params: { amount: 15 } },
      { operation: "duotone", params: { shadows: "#1a1a5e", highlights: "#ffd9a0" } },
    ],
  },
  { name: "sketch", title: "Sketch", steps: [{ operation: "sketch", params: { shading: 0.7 } }] },
];

export const ORIGINAL = "before";

export function addressOf(name: string): string {
  return `/landing/${name}.webp`;
}
