"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { useRenamePreset } from "@/api/presets/mutations";
import type { Preset } from "@/api/presets/schema";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field, FormError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { showProblem } from "@/lib/forms/show-problem";
import { z } from "@/lib/zod";

const schema = z.object({
  name: z
    .string()
    .trim()
    .min(1, "Give it a name.")
    .max(100, "At most 100 characters.")
    .regex(/^[^/\\,]*$/, "Without / \\ and commas: the name may stand in an address."),
});

interface RenamePresetProps {
  preset: Preset;
  onClose: () => void;
}

export function RenamePreset({ preset, onClose }: RenamePresetProps) {
  const { mutateAsync } = useRenamePreset(preset.id);
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { name: preset.name } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ name }) => {
    try {
      await mutateAsync(name);
      onClose();
    } catch (error) {
      showProblem(error, form.setError, ["name"]);
    }
  });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title="Rename preset"
        description="Links and programs that use the old name need the new one."
        className="max-w-md"
        footer={
          <>
            <DialogClose asChild>
              <Button variant="secondary">Cancel</Button>
            </DialogClose>
            <Button type="submit" form="rename-preset" busy={isSubmitting}>
              Rename
            </Button>
          </>
        }
      >
        <form id="rename-preset" onSubmit={submit} noValidate className="flex flex-col gap-4 pt-1">
          <Field label="Name" error={errors.name?.message}>
            <Input autoComplete="off" {...form.register("name")} />
          </Field>
          <FormError>{errors.root?.server?.message}</FormError>
        </form>
      </DialogContent>
    </Dialog>
  );
}
