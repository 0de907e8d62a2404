"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import {
  type DefaultValues,
  type FieldValues,
  type Path,
  type UseFormRegisterReturn,
  type UseFormReturn,
  useForm as useHookForm,
} from "react-hook-form";
import { ApiProblem } from "@/lib/api/problem";
import { explain } from "@/lib/errors/explain";
import type { z } from "@/lib/zod";

/** What a `<form>` and its submit button need. */
export interface FormState {
  onSubmit: () => Promise<void>;
  /** True while the form is being sent. */
  busy: boolean;
  /** The error that belongs to no field. */
  error?: string;
}

interface Form<T extends FieldValues> extends UseFormReturn<T>, FormState {
  /** The props of the `Field` around the input of `name`. */
  field: (name: Path<T>) => { control: UseFormRegisterReturn; error?: string };
}

/**
 * A form that validates with `schema` and then calls `send`.
 *
 * If `send` throws, each error of the server is shown at its field. The fields of `schema` therefore
 * have the names of the request.
 */
export function useForm<T extends FieldValues>(
  schema: z.ZodType<T, T>,
  defaultValues: NoInfer<T>,
  send: (values: T) => Promise<void>,
): Form<T> {
  "use no memo"; // react-hook-form changes its objects in place
  const form = useHookForm<T>({
    resolver: zodResolver(schema),
    defaultValues: defaultValues as DefaultValues<T>,
  });
  const { formState } = form;
  return {
    ...form,
    onSubmit: form.handleSubmit((values) =>
      send(values).catch((error) =>
        showProblem(error, form, Object.keys(defaultValues) as Path<T>[]),
      ),
    ),
    busy: formState.isSubmitting,
    error: formState.errors.root?.server?.message,
    field: (name) => ({
      control: form.register(name),
      error: form.getFieldState(name, formState).error?.message,
    }),
  };
}

/** Show each error at its field, focus the first of these fields, and show the rest at the form. */
function showProblem<T extends FieldValues>(
  error: unknown,
  { setError }: UseFormReturn<T>,
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
