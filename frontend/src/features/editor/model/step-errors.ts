import type { Operation } from "@/api/operations/schema";
import { ApiProblem } from "@/lib/api/problem";
import { type Form, readForm } from "./parameters";
import type { EditorStep } from "./pipeline";
import { type Errors, validate } from "./validate";

/** The forms of all operations by name. */
export function readForms(operations: readonly Operation[] = []): ReadonlyMap<string, Form> {
  return new Map(operations.map(({ name, parameters }) => [name, readForm(parameters)]));
}

/**
 * The errors of each invalid step, by the key of the step.
 *
 * @param problem the server's refusal of the pipeline; it counts where the forms find no error
 */
export function findStepErrors(
  steps: readonly EditorStep[],
  forms: ReadonlyMap<string, Form>,
  problem: unknown,
): ReadonlyMap<string, Errors> {
  const found = new Map<string, Errors>();
  for (const step of steps) {
    const form = forms.get(step.operation);
    const errors = form && step.on ? validate(form, step.params) : {};
    if (Object.keys(errors).length > 0) {
      found.set(step.key, errors);
    }
  }
  if (found.size === 0 && problem instanceof ApiProblem) {
    addServerErrors(found, steps, problem);
  }
  return found;
}

/** The pointer `/transformations/1/params/width` belongs to the second step that is on. */
function addServerErrors(
  found: Map<string, Errors>,
  steps: readonly EditorStep[],
  problem: ApiProblem,
): void {
  const sent = steps.filter((step) => step.on);
  for (const { pointer, detail } of problem.errors) {
    const [, root, index, , name = ""] = pointer.split("/");
    const step = root === "transformations" ? sent[Number(index)] : undefined;
    if (step) {
      found.set(step.key, { ...found.get(step.key), [name]: detail });
    }
  }
}
