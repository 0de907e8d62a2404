"use client";

import { useState } from "react";
import { useCreatePreset } from "@/api/presets/mutations";
import type { PipelineBody } from "@/api/tasks/pipeline-body";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field, FormError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ApiProblem } from "@/lib/api/problem";
import { explain } from "@/lib/errors/explain";
import { toast } from "@/lib/toast";

interface SavePresetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  body: PipelineBody;
}

/** A dialog that saves the steps and output options as a preset. */
export function SavePreset({ open, onOpenChange, body }: SavePresetProps) {
  const [name, setName] = useState("");
  const create = useCreatePreset();
  const errors = create.error instanceof ApiProblem ? create.error.byField() : {};
  const save = () =>
    create.mutate(
      { name: name.trim(), ...body },
      {
        onSuccess: (preset) => {
          toast.success(`Saved as “${preset.name}”`, {
            description: "It can be applied to many images at once in the gallery.",
          });
          setName("");
          onOpenChange(false);
        },
      },
    );
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Save as preset"
        description="Steps and output under a name."
        className="max-w-md"
        footer={
          <Button type="submit" form="save-preset" busy={create.isPending} disabled={!name.trim()}>
            Save
          </Button>
        }
      >
        <form
          id="save-preset"
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <FormError>
            {create.error && !errors.name ? explain(create.error).detail : null}
          </FormError>
          <Field label="Name" error={errors.name}>
            <Input
              value={name}
              maxLength={100}
              placeholder="Product photo"
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
        </form>
      </DialogContent>
    </Dialog>
  );
}
