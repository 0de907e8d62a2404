import type { Step } from "@/api/tasks/schema";
import { capitalize } from "@/lib/format";

/** Describe a pipeline in one line: "Resize 800 × 600, grayscale". */
export function describeSteps(steps: readonly Step[]): string {
  return capitalize(steps.map(describeStep).join(", "));
}

function describeStep(step: Step): string {
  const name = step.operation.replaceAll("_", " ");
  const values = describeValues(step);
  // The filters of this operation say more than its name.
  return step.operation === "apply_filter" ? values || name : `${name} ${values}`.trim();
}

/** The values that matter most in a step: "800 × 600"; "" if the operation's name says it all. */
export function describeValues({ operation, params }: Step): string {
  const { width, height, scale, degrees, text, format } = params;
  if (typeof width === "number" && typeof height === "number") {
    return `${width} × ${height}`;
  }
  if (typeof width === "number" || typeof height === "number") {
    return typeof width === "number" ? `${width} wide` : `${height} high`;
  }
  if (operation === "resize" && typeof scale === "number") {
    return `${scale} %`;
  }
  if (typeof degrees === "number") {
    return `${degrees}°`;
  }
  if (typeof text === "string") {
    return `“${text.length > 24 ? `${text.slice(0, 23)}…` : text}”`;
  }
  if (typeof format === "string") {
    return format.toUpperCase();
  }
  const on = Object.keys(params).filter((key) => params[key] === true);
  return operation === "apply_filter" ? on.map((key) => key.replaceAll("_", " ")).join(", ") : "";
}
