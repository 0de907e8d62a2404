"use client";

import { useSortable } from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { ChevronRight, Eye, EyeOff, GripVertical, Trash2, TriangleAlert } from "lucide-react";
import { describeValues } from "@/components/tasks/describe-steps";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { cn } from "@/lib/cn";
import { capitalize, titleOf } from "@/lib/format";
import type { Form } from "../model/parameters";
import type { EditorStep } from "../model/pipeline";
import { removeStep, setOpenStep, setParams, toggleStep } from "../model/store";
import type { Errors } from "../model/validate";
import { ParameterForm } from "./parameter-form";
import { ResizeForm } from "./resize-form";

interface StepCardProps {
  step: EditorStep;
  form: Form | undefined;
  errors: Errors;
  open: boolean;
}

/** One step with its drag handle, switch and form. */
export function StepCard({ step, form, errors, open }: StepCardProps) {
  const {
    attributes,
    listeners,
    setNodeRef,
    setActivatorNodeRef,
    transform,
    transition,
    isDragging,
  } = useSortable({ id: step.key });
  const title = titleOf(step.operation);
  const toggle = step.on ? "Switch off" : "Switch on";
  const StepForm = step.operation === "resize" ? ResizeForm : ParameterForm;
  const values = describeValues(step);
  const wrong = Object.keys(errors).length > 0;
  return (
    <li
      ref={setNodeRef}
      data-step={step.key}
      style={{ transform: CSS.Translate.toString(transform), transition }}
      className={cn(
        "rounded-xl border bg-surface",
        open && "shadow-raised",
        isDragging && "relative z-10 shadow-floating",
        wrong && "border-danger",
      )}
    >
      <div className="flex items-center gap-0.5 p-1.5">
        <Button
          ref={setActivatorNodeRef}
          variant="ghost"
          size="icon-sm"
          className="cursor-grab touch-none text-muted-foreground"
          {...attributes}
          {...listeners}
          aria-label={`Move ${title}`}
        >
          <GripVertical aria-hidden />
        </Button>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpenStep(open ? null : step.key)}
          className={cn(
            "flex min-h-10 min-w-0 flex-1 items-center gap-2 rounded-md pr-1 text-left",
            !step.on && "opacity-50",
          )}
        >
          <ChevronRight
            aria-hidden
            className={cn(
              "size-4 shrink-0 text-muted-foreground transition-transform",
              open && "rotate-90",
            )}
          />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium text-sm">{title}</span>
            {!open && values && (
              <span className="block truncate text-muted-foreground text-xs">
                {capitalize(values)}
              </span>
            )}
          </span>
          {wrong && (
            <TriangleAlert aria-label="Needs attention" className="size-4 shrink-0 text-danger" />
          )}
        </button>
        <IconButton
          label={`${toggle} ${title}`}
          hint={toggle}
          aria-pressed={!step.on}
          onClick={() => toggleStep(step.key)}
        >
          {step.on ? <Eye aria-hidden /> : <EyeOff aria-hidden />}
        </IconButton>
        <IconButton label={`Remove ${title}`} hint="Remove" onClick={() => removeStep(step.key)}>
          <Trash2 aria-hidden />
        </IconButton>
      </div>
      {open && (
        <div className="border-t p-4">
          {form ? (
            <StepForm
              form={form}
              params={step.params}
              errors={errors}
              onChange={(params, about) => setParams(step.key, params, about)}
            />
          ) : (
            <p className="text-muted-foreground text-xs">
              This server has no operation called {step.operation}. Remove the step.
            </p>
          )}
        </div>
      )}
    </li>
  );
}
