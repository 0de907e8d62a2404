import type { FieldValues, Path, UseFormSetError } from "react-hook-form";
import { ApiProblem } from "@/lib/api/problem";
import { explain } from "@/lib/errors/explain";

/**
 * Put what the server refused at its field; the rest at the form as `root.server`.
 *
 * @param fields the names of the body that have a field in the form; the first is given the focus
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
