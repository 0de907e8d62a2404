import { useMemo } from "react";
import type { Operation } from "@/api/operations/schema";
import { ApiProblem } from "@/lib/api/problem";
import { type Form, readForm } from "../model/parameters";
import type { EditorStep } from "../model/pipeline";
import { type Errors, validate } from "../model/validate";

/** The forms of all operations by name. */
export function useForms(operations: readonly Operation[] | undefined): ReadonlyMap<string, Form> {
  return useMemo(
    () => new Map(operations?.map(({ name, parameters }) => [name, readForm(parameters)])),
    [operations],
  );
}

/** What is wrong with each step, by its key; steps without an error are absent. */
export function useStepErrors(
  steps: readonly EditorStep[],
  forms: ReadonlyMap<string, Form>,
  problem: unknown,
): ReadonlyMap<string, Errors> {
  return useMemo(() => {
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
  }, [steps, forms, problem]);
}

/** `/transformations/1/params/width` is about the second step that is on. */
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
