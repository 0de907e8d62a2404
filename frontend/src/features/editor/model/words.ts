import { titleOf } from "@/lib/format";

/**
 * What people read in the form in place of the API's words.
 *
 * A name that is missing here, such as one that is newer than the page, is shown as the API has it.
 */

interface Option {
  label: string;
  /** One sentence about this option. */
  hint?: string;
}

const LABELS: Record<string, string> = {
  anchor: "Part to keep",
  focal_x: "Focal point, from the left",
  focal_y: "Focal point, from the top",
  image_id: "Image",
  kernel: "Resampling",
  max_bytes: "Largest file size",
  min_quality: "Lowest quality",
};

const DIRECTIONS: Record<string, Option> = {
  center: { label: "Centre" },
  north: { label: "Top" },
  northeast: { label: "Top right" },
  east: { label: "Right" },
  southeast: { label: "Bottom right" },
  south: { label: "Bottom" },
  southwest: { label: "Bottom left" },
  west: { label: "Left" },
  northwest: { label: "Top left" },
};

/** The options by parameter; "" is to give none. */
const OPTIONS: Record<string, Record<string, Option>> = {
  fit: {
    fill: { label: "Fill (stretch)", hint: "Exactly this size; other proportions are stretched." },
    contain: { label: "Contain", hint: "The whole picture, as large as fits into this size." },
    cover: { label: "Cover (crop)", hint: "Exactly this size; what is left over is cut off." },
    inside: {
      label: "Contain (never enlarge)",
      hint: "Like Contain; a smaller picture stays as it is.",
    },
    outside: {
      label: "Cover (never crop)",
      hint: "The whole picture, at least this size on both sides; a larger one stays as it is.",
    },
  },
  anchor: {
    "": { label: "Automatic", hint: "The centre, if the left and top edge are not given." },
    ...DIRECTIONS,
    focal: {
      label: "Focal point",
      hint: "Around the focal point of the picture, or its centre if it has none.",
    },
    smart: {
      label: "Most detailed part",
      hint: "Around faces, or what has most detail if there are none.",
    },
    face: { label: "Faces", hint: "Around faces. A picture without any is refused." },
  },
  position: {
    "": {
      label: "Automatic",
      hint: "A text rises diagonally through the centre; an image lies at the bottom right.",
    },
    ...DIRECTIONS,
    tile: { label: "Repeated", hint: "Repeated all over the picture." },
    diagonal: { label: "Diagonal", hint: "Rising diagonally through the centre." },
  },
  kernel: {
    lanczos: { label: "Lanczos", hint: "The sharpest; right for most pictures." },
    bicubic: { label: "Bicubic", hint: "Sharp, with less of a rim at hard edges." },
    bilinear: { label: "Bilinear", hint: "Soft." },
    hamming: { label: "Hamming", hint: "A little sharper than Bilinear." },
    box: { label: "Box", hint: "The plain average of the old pixels." },
    nearest: { label: "Nearest pixel", hint: "No new colours; right for pixel art." },
  },
  font: {
    "dejavu-sans": { label: "DejaVu Sans" },
    "dejavu-sans-bold": { label: "DejaVu Sans Bold" },
  },
};

/** The label of a parameter. */
export function labelOf(name: string): string {
  return LABELS[name] ?? titleOf(name);
}

/** The label of an option, and the hint while it is chosen. */
export function optionOf(
  { name, description }: { name: string; description: string },
  option: string,
): Option & { hint: string } {
  const words = OPTIONS[name]?.[option] ?? {
    label: option === "" ? "Automatic" : titleOf(option),
  };
  // Where the page has words, what the description says of the API's words would only confuse.
  const about = OPTIONS[name] ? description.replace(/\. .*$/s, ".") : description;
  return { hint: about, ...words };
}
