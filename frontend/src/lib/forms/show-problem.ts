import type { FieldValues, Path, UseFormSetError } from "react-hook-form";
import { ApiProblem } from "@/lib/api/problem";
import { explain } from "@/lib/errors/explain";

/**
 * Show each error of the server at its field, and the others at the form as `root.server`.
 *
 * @param fields the fields of the form, named as in the body; the first with an error is focused
 */
export function showProblem<T extends FieldValues>(
  error: unknown,
  setError: UseFormSetError<T>,
  fields: readonly Path<T>[],
): void {
  const byField = error instanceof ApiProblem ? error.byField() : {};
  const known = fields.filter((name) => byField[name] !== undefined);
  known.forEach((name, index) => {
    setError(name, { type: "server", message: byField[name] }, { shouldFocus: index === 0 });
  });
  const others = Object.entries(byField)
    .filter(([name]) => !(fields as readonly string[]).includes(name))
    .map(([name, detail]) => (name === "" ? detail : `${name}: ${detail}`));
  const message = others.join(" ") || (known.length === 0 ? explain(error).detail : "");
  if (message) {
    setError("root.server", { type: "server", message });
  }
}
