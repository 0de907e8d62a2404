import type { Step } from "@/api/tasks/schema";
import { capitalize } from "@/lib/format";

/** Describe a pipeline in one line: "Resize 800 × 600, grayscale". */
export function describeSteps(steps: readonly Step[]): string {
  return capitalize(steps.map(describeStep).join(", "));
}

function describeStep({ operation, params }: Step): string {
  const name = operation.replaceAll("_", " ");
  const { width, height, scale, degrees, text, format } = params;
  if (typeof width === "number" && typeof height === "number") {
    return `${name} ${width} × ${height}`;
  }
  if (typeof width === "number" || typeof height === "number") {
    return `${name} ${typeof width === "number" ? `${width} wide` : `${height} high`}`;
  }
  if (operation === "resize" && typeof scale === "number") {
    return `${name} ${scale} %`;
  }
  if (typeof degrees === "number") {
    return `${name} ${degrees}°`;
  }
  if (typeof text === "string") {
    return `${name} “${text.length > 24 ? `${text.slice(0, 23)}…` : text}”`;
  }
  if (typeof format === "string") {
    return `${name} ${format.toUpperCase()}`;
  }
  const on = Object.keys(params).filter((key) => params[key] === true);
  return operation === "apply_filter" && on.length > 0
    ? on.map((key) => key.replaceAll("_", " ")).join(", ")
    : name;
}
