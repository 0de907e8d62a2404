"use client";

import { Link, Unlink } from "lucide-react";
import { useState } from "react";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { SwitchField } from "@/components/ui/switch-field";
import { ToggleGroup } from "@/components/ui/toggle-group";
import {
  boxOf,
  isFilled,
  isOfBox,
  isStretched,
  SIZE_PARAMETERS,
  type Side,
  type SizeUnit,
  unitOf,
  without,
  withScale,
  withSide,
  withUnit,
} from "../model/resize";
import { type Errors, isAbsent, type Params } from "../model/validate";
import { ParameterForm, type ParameterFormProps } from "./parameter-form";

const UNITS = [
  { value: "px", label: "Size in pixels", icon: "px" },
  { value: "%", label: "Size in per cent", icon: "%" },
] as const;

/** The form of a resize: its size in pixels or per cent, with its proportions locked. */
export function ResizeForm({ form, params, errors, onChange }: ParameterFormProps) {
  const unit = unitOf(params);
  const [box, setBox] = useState<Params>({});
  const others = {
    ...form,
    parameters: form.parameters.filter(
      ({ name }) => !SIZE_PARAMETERS.has(name) && !(unit === "%" && isOfBox(name)),
    ),
  };

  function change(next: SizeUnit) {
    if (next === "%") {
      setBox(boxOf(params));
    }
    onChange(withUnit(params, next, box), "unit");
  }

  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center justify-between gap-3">
        <span className="font-medium text-sm">Size</span>
        <ToggleGroup label="Unit" value={unit} onChange={change} options={UNITS} />
      </div>
      {unit === "%" ? (
        <Field
          label="Scale"
          aside="% of width and height"
          hint="Per cent of the size the picture has before this step."
          error={errors.scale}
        >
          <Input
            type="number"
            inputMode="decimal"
            value={isAbsent(params.scale) ? "" : String(params.scale)}
            onChange={(event) => onChange(withScale(params, numberOf(event.target.value)), "scale")}
          />
        </Field>
      ) : (
        <Sides params={params} errors={errors} onChange={onChange} />
      )}
      <SwitchField
        label="Never enlarge"
        hint="Pictures that are already smaller keep their size."
        error={errors.upscale}
        checked={params.upscale === false}
        onChange={(never) => {
          const rest = without(params, "upscale");
          onChange(never ? { ...rest, upscale: false } : rest, "upscale");
        }}
      />
      <ParameterForm
        form={others}
        params={params}
        errors={without(errors, ...SIZE_PARAMETERS) as Errors}
        onChange={onChange}
      />
    </div>
  );
}

/** Width and height. While the proportions are locked, each replaces the other. */
function Sides({
  params,
  errors,
  onChange,
}: Pick<ParameterFormProps, "params" | "errors" | "onChange">) {
  const [unlocked, setUnlocked] = useState(isStretched(params));
  const filled = isFilled(params);
  const locked = filled && !unlocked && !isStretched(params);
  const side = (name: Side, label: string) => (
    <Field label={label} aside="px" error={errors[name]} className="flex-1">
      <Input
        type="number"
        inputMode="numeric"
        min={1}
        value={isAbsent(params[name]) ? "" : String(params[name])}
        placeholder="Automatic"
        onChange={(event) => {
          setUnlocked(filled && !locked);
          onChange(withSide(params, name, numberOf(event.target.value), locked), name);
        }}
      />
    </Field>
  );

  function toggle() {
    setUnlocked(locked);
    if (!locked && isStretched(params)) {
      onChange(without(params, "height"), "lock");
    }
  }

  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-start gap-2">
        {side("width", "Width")}
        {filled && (
          <IconButton
            label="Lock proportions"
            hint={locked ? "Proportions locked" : "Proportions not locked"}
            aria-pressed={locked}
            className="mt-6.5"
            onClick={toggle}
          >
            {locked ? <Link aria-hidden /> : <Unlink aria-hidden />}
          </IconButton>
        )}
        {side("height", "Height")}
      </div>
      <p className="text-muted-foreground text-xs leading-relaxed">
        {locked
          ? "The proportions are kept: the other side is set automatically."
          : filled
            ? "The picture is stretched to exactly this size."
            : "Width and height are applied as chosen under Fit."}
      </p>
    </div>
  );
}

/** The number in a field, or "" if it is empty. */
function numberOf(text: string): number | "" {
  return text.trim() === "" ? "" : Number(text);
}
