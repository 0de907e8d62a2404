"use client";

import { useRenamePreset } from "@/api/presets/mutations";
import type { Preset } from "@/api/presets/schema";
import { Field } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { Input } from "@/components/ui/input";
import { useForm } from "@/lib/forms/use-form";
import { z } from "@/lib/zod";

const schema = z.object({
  name: z
    .string()
    .trim()
    .min(1, "Enter a name.")
    .max(100, "At most 100 characters.")
    .regex(
      /^[^/\\,]*$/,
      "A name cannot contain / \\ or commas, because it can be part of an address.",
    ),
});

interface RenamePresetProps {
  preset: Preset;
  onClose: () => void;
}

export function RenamePreset({ preset, onClose }: RenamePresetProps) {
  const { mutateAsync: rename } = useRenamePreset(preset.id);
  const form = useForm(schema, { name: preset.name }, async ({ name }) => {
    await rename(name);
    onClose();
  });
  return (
    <FormDialog
      form={form}
      title="Rename preset"
      description="Links and programs that use the old name must be changed to the new one."
      submit="Rename"
      onClose={onClose}
      className="max-w-md"
    >
      <Field label="Name" {...form.field("name")}>
        <Input autoComplete="off" />
      </Field>
    </FormDialog>
  );
}
