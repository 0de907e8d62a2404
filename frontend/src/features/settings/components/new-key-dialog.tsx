"use client";

import { useController } from "react-hook-form";
import { useCreateApiKey } from "@/api/api-keys/mutations";
import { type CreatedApiKey, SCOPES, type Scope } from "@/api/api-keys/schema";
import { Field } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { Input } from "@/components/ui/input";
import { useForm } from "@/lib/forms/use-form";
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
    .min(1, "Choose a name that says who uses the key.")
    .max(100, "At most 100 characters."),
  scopes: z.array(z.enum(SCOPES)).min(1, "Choose what the key may do."),
  expires_at: z
    .string()
    .refine((day) => day === "" || Date.parse(endOfDay(day)) > Date.now(), "This day has passed."),
});

const BEFORE = { name: "", scopes: ["images:read" as const], expires_at: "" };

interface NewKeyDialogProps {
  onClose: () => void;
  onCreated: (key: CreatedApiKey) => void;
}

export function NewKeyDialog({ onClose, onCreated }: NewKeyDialogProps) {
  const { mutateAsync: createKey } = useCreateApiKey();
  const form = useForm(schema, BEFORE, async ({ name, scopes, expires_at: day }) => {
    onCreated(
      await createKey({
        name,
        scopes: scopes.includes("*") ? ["*"] : scopes,
        ...(day === "" ? {} : { expires_at: endOfDay(day) }),
      }),
    );
  });
  const { field: scopes } = useController({ control: form.control, name: "scopes" });
  return (
    <FormDialog
      form={form}
      title="New API key"
      description="The key is shown only once, when it is created."
      submit="Create key"
      onClose={onClose}
    >
      <Field label="Name" {...form.field("name")}>
        <Input autoComplete="off" placeholder="Backup script" />
      </Field>
      <CheckGroup
        label="Permissions"
        value={scopes.value}
        onChange={scopes.onChange}
        error={form.formState.errors.scopes?.message}
        options={SCOPES.map((scope) => ({
          value: scope,
          ...DESCRIPTIONS[scope],
          implied: scope !== "*" && scopes.value.includes("*"),
        }))}
      />
      <Field
        label="Valid until the end of"
        hint="Leave this empty for a key that never expires."
        className="max-w-56"
        {...form.field("expires_at")}
      >
        <Input type="date" min={today()} />
      </Field>
    </FormDialog>
  );
}
