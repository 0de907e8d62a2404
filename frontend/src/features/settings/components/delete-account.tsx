"use client";

import { useState } from "react";
import { useDeleteAccount } from "@/api/account/mutations";
import { PasswordInput } from "@/components/account/password-input";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field, FormError } from "@/components/ui/field";
import { useForm } from "@/lib/forms/use-form";
import { toast } from "@/lib/toast";
import { z } from "@/lib/zod";
import { SettingsSection } from "./settings-section";

const schema = z.object({ password: z.string().min(1, "Enter your password.") });

export function DeleteAccount() {
  const [open, setOpen] = useState(false);
  return (
    <SettingsSection
      id="delete-account"
      description="Removes your images, results, tasks, presets, keys and webhooks. This cannot be undone."
    >
      <Button variant="danger" onClick={() => setOpen(true)}>
        Delete account…
      </Button>
      {open && <DeleteForm close={() => setOpen(false)} />}
    </SettingsSection>
  );
}

function DeleteForm({ close }: { close: () => void }) {
  const { mutateAsync: deleteAccount } = useDeleteAccount();
  const form = useForm(schema, { password: "" }, async ({ password }) => {
    await deleteAccount(password);
    toast.success("Your account has been deleted", {
      description: "Everything in it has been deleted.",
    });
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && close()}
      title="Delete your account?"
      description="Everything in it is deleted immediately and for good. Download what you want to keep first."
      confirm="Delete account"
      danger
      busy={form.busy}
      onConfirm={form.onSubmit}
    >
      <form onSubmit={form.onSubmit} noValidate className="flex flex-col gap-4">
        <Field label="Your password" {...form.field("password")}>
          <PasswordInput autoComplete="current-password" />
        </Field>
        <FormError>{form.error}</FormError>
      </form>
    </ConfirmDialog>
  );
}
