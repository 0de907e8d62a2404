"use client";

import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { FormError } from "@/components/ui/field";
import type { Form, Parameter } from "../model/parameters";
import { type Errors, isAbsent, type Params } from "../model/validate";
import { labelOf } from "../model/words";
import { ParameterControl } from "./parameter-control";

export interface ParameterFormProps {
  form: Form;
  params: Params;
  errors: Errors;
  onChange: (params: Params, about: string) => void;
}

/** With more parameters than this, the rest is folded away. */
const SHOWN = 5;

/** The form of a step, built from the catalogue's description of its operation. */
export function ParameterForm({ form, params, errors, onChange }: ParameterFormProps) {
  const [all, setAll] = useState(false);
  const foldable = form.parameters.length > SHOWN + 1 && !form.parameters.every(isSwitch);
  const isShown = (parameter: Parameter, index: number) =>
    !foldable ||
    all ||
    index < SHOWN ||
    !isAbsent(params[parameter.name]) ||
    errors[parameter.name];
  if (form.parameters.length === 0) {
    return (
      <>
        <FormError>{withoutControl(form, errors)}</FormError>
        <p className="text-muted-foreground text-xs">This step has no settings.</p>
      </>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <FormError>{withoutControl(form, errors)}</FormError>
      <div className="grid grid-cols-2 gap-x-3 gap-y-4">
        {form.parameters.filter(isShown).map((parameter) => (
          <div
            key={parameter.name}
            className={isShort(parameter) && !errors[parameter.name] ? "min-w-0" : "col-span-2"}
          >
            <ParameterControl
              parameter={parameter}
              value={params[parameter.name]}
              error={errors[parameter.name]}
              onChange={(value) =>
                onChange(withValue(params, parameter.name, value), parameter.name)
              }
            />
          </div>
        ))}
      </div>
      {foldable && (
        <button
          type="button"
          aria-expanded={all}
          onClick={() => setAll(!all)}
          className="touch-target relative flex items-center gap-1.5 self-start rounded-md text-muted-foreground text-xs hover:text-foreground"
        >
          <ChevronDown aria-hidden className={all ? "size-3.5 rotate-180" : "size-3.5"} />
          {all ? "Fewer settings" : "More settings"}
        </button>
      )}
    </div>
  );
}

/** Errors about the values together, or about a value of a recipe that has no control. */
function withoutControl(form: Form, errors: Errors): string {
  const shown = new Set(form.parameters.map(({ name }) => name));
  return Object.entries(errors)
    .filter(([name]) => !shown.has(name))
    .map(([name, detail]) => (name === "" ? detail : `${labelOf(name)}: ${detail}`))
    .join(" ");
}

/** Whether the field takes half a line, so that widths and heights stand side by side. */
function isShort(parameter: Parameter): boolean {
  return (
    parameter.kind === "number" && parameter.unit === "px" && parameter.description.length < 40
  );
}

function isSwitch(parameter: Parameter): boolean {
  return parameter.kind === "switch";
}

function withValue(params: Params, name: string, value: unknown): Params {
  const { [name]: _, ...rest } = params;
  return value === undefined ? rest : { ...rest, [name]: value };
}
