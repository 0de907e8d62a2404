"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { Controller, useForm } from "react-hook-form";
import { useCreateApiKey } from "@/api/api-keys/mutations";
import { type CreatedApiKey, SCOPES, type Scope } from "@/api/api-keys/schema";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field, FormError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { showProblem } from "@/lib/forms/show-problem";
import { z } from "@/lib/zod";
import { endOfDay, today } from "../end-of-day";
import { CheckGroup } from "./check-group";

const DESCRIPTIONS: Record<Scope, { label: string; description: string }> = {
  "images:read": {
    label: "Read images",
    description: "List, show and download images and results.",
  },
  "images:write": {
    label: "Change images",
    description: "Upload, change and delete images and results.",
  },
  tasks: {
    label: "Tasks",
    description: "Ask for versions of images; list, show, cancel, retry and delete tasks.",
  },
  "*": { label: "Everything", description: "All of these." },
};

const schema = z.object({
  name: z
    .string()
    .trim()
    .min(1, "Give it a name that says who uses it.")
    .max(100, "At most 100 characters."),
  scopes: z.array(z.enum(SCOPES)).min(1, "Choose what it may do."),
  expires_at: z
    .string()
    .refine((day) => day === "" || Date.parse(endOfDay(day)) > Date.now(), "This day is over."),
});

type Values = z.infer<typeof schema>;

interface NewKeyDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onCreated: (key: CreatedApiKey) => void;
}

export function NewKeyDialog({ open, onOpenChange, onCreated }: NewKeyDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open && <NewKeyForm onCreated={onCreated} />}
    </Dialog>
  );
}

function NewKeyForm({ onCreated }: Pick<NewKeyDialogProps, "onCreated">) {
  const { mutateAsync } = useCreateApiKey();
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { name: "", scopes: ["images:read"], expires_at: "" },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ name, scopes, expires_at: day }) => {
    try {
      onCreated(
        await mutateAsync({
          name,
          scopes: scopes.includes("*") ? ["*"] : scopes,
          ...(day === "" ? {} : { expires_at: endOfDay(day) }),
        }),
      );
    } catch (error) {
      showProblem(error, form.setError, ["name", "scopes", "expires_at"]);
    }
  });
  return (
    <DialogContent
      title="New API key"
      description="The key is shown once, when it is made."
      footer={
        <>
          <DialogClose asChild>
            <Button variant="secondary">Cancel</Button>
          </DialogClose>
          <Button type="submit" form="new-key" busy={isSubmitting}>
            Make key
          </Button>
        </>
      }
    >
      <form id="new-key" onSubmit={submit} noValidate className="flex flex-col gap-5 pt-1">
        <Field label="Name" error={errors.name?.message}>
          <Input autoComplete="off" placeholder="Backup script" {...form.register("name")} />
        </Field>
        <Controller
          control={form.control}
          name="scopes"
          render={({ field }) => (
            <CheckGroup
              label="What it may do"
              value={field.value}
              onChange={field.onChange}
              error={errors.scopes?.message}
              options={SCOPES.map((scope) => ({
                value: scope,
                ...DESCRIPTIONS[scope],
                implied: scope !== "*" && field.value.includes("*"),
              }))}
            />
          )}
        />
        <Field
          label="Works until the end of"
          hint="Leave it empty for a key that does not expire."
          error={errors.expires_at?.message}
          className="max-w-56"
        >
          <Input type="date" min={today()} {...form.register("expires_at")} />
        </Field>
        <FormError>{errors.root?.server?.message}</FormError>
      </form>
    </DialogContent>
  );
}
