"use client";

import { useCreatePreset } from "@/api/presets/mutations";
import type { PipelineBody } from "@/api/tasks/pipeline-body";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field, FormError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useForm } from "@/lib/forms/use-form";
import { toast } from "@/lib/toast";
import { z } from "@/lib/zod";

const schema = z.object({ name: z.string().trim() });

interface SavePresetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  body: PipelineBody;
}

/** A dialog that saves the steps and output options as a preset. */
export function SavePreset({ open, onOpenChange, body }: SavePresetProps) {
  const { mutateAsync: createPreset } = useCreatePreset();
  const form = useForm(schema, { name: "" }, async ({ name }) => {
    const preset = await createPreset({ name, ...body });
    toast.success(`Saved as “${preset.name}”`, {
      description: "It can be applied to many images at once in the gallery.",
    });
    form.reset();
    onOpenChange(false);
  });
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Save as preset"
        description="Saves the steps and the output options under a name."
        className="max-w-md"
        footer={
          <Button
            type="submit"
            form="save-preset"
            busy={form.busy}
            disabled={!form.watch("name").trim()}
          >
            Save
          </Button>
        }
      >
        <form id="save-preset" className="flex flex-col gap-4" onSubmit={form.onSubmit} noValidate>
          <FormError>{form.error}</FormError>
          <Field label="Name" {...form.field("name")}>
            <Input maxLength={100} placeholder="Product photo" />
          </Field>
        </form>
      </DialogContent>
    </Dialog>
  );
}
