"use client";

import {
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import {
  arrayMove,
  SortableContext,
  sortableKeyboardCoordinates,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { useId } from "react";
import { titleOf } from "@/lib/format";
import type { Form } from "../model/parameters";
import type { EditorStep } from "../model/pipeline";
import { changeSteps } from "../model/store";
import type { Errors } from "../model/validate";
import { closestEdge } from "./closest-edge";
import { StepCard } from "./step-card";

interface StepListProps {
  steps: readonly EditorStep[];
  forms: ReadonlyMap<string, Form>;
  errors: ReadonlyMap<string, Errors>;
  openStep: string | null;
}

const NONE: Errors = {};

/** The steps in order. They are moved by dragging, or with the space bar and the arrow keys. */
export function StepList({ steps, forms, errors, openStep }: StepListProps) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const nameOf = (key: unknown) => {
    const index = steps.findIndex((step) => step.key === key);
    return `${titleOf(steps[index]?.operation ?? "")}, step ${index + 1} of ${steps.length}`;
  };
  const move = ({ active, over }: DragEndEvent) => {
    if (over && active.id !== over.id) {
      changeSteps((before) =>
        arrayMove(
          [...before],
          before.findIndex((step) => step.key === active.id),
          before.findIndex((step) => step.key === over.id),
        ),
      );
    }
  };
  return (
    <DndContext
      id={useId()}
      sensors={sensors}
      collisionDetection={closestEdge}
      onDragEnd={move}
      accessibility={{
        announcements: {
          onDragStart: ({ active }) => `Picked up ${nameOf(active.id)}.`,
          onDragOver: ({ over }) =>
            over ? `Moved to the position of ${nameOf(over.id)}.` : undefined,
          onDragEnd: ({ over }) =>
            over ? `Dropped in the position of ${nameOf(over.id)}.` : undefined,
          onDragCancel: ({ active }) => `${nameOf(active.id)} stays where it was.`,
        },
      }}
    >
      <SortableContext items={steps.map((step) => step.key)} strategy={verticalListSortingStrategy}>
        <ol className="flex flex-col gap-2">
          {steps.map((step) => (
            <StepCard
              key={step.key}
              step={step}
              form={forms.get(step.operation)}
              errors={errors.get(step.key) ?? NONE}
              open={openStep === step.key}
            />
          ))}
        </ol>
      </SortableContext>
    </DndContext>
  );
}
