"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useDeleteAccount } from "@/api/account/mutations";
import { PasswordInput } from "@/components/account/password-input";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field, FormError } from "@/components/ui/field";
import { showProblem } from "@/lib/forms/show-problem";
import { toast } from "@/lib/toast";
import { z } from "@/lib/zod";
import { SettingsSection } from "./settings-section";

const schema = z.object({ password: z.string().min(1, "Enter your password.") });

export function DeleteAccount() {
  const [open, setOpen] = useState(false);
  return (
    <SettingsSection
      id="delete-account"
      description="Removes your images, results, tasks, presets, keys and webhooks. Nobody can bring them back."
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
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { password: "" } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ password }) => {
    try {
      await deleteAccount(password);
      toast.success("Your account is deleted", { description: "Everything in it is gone." });
    } catch (error) {
      showProblem(error, form.setError, ["password"]);
    }
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && close()}
      title="Delete your account?"
      description="Everything in it is removed for good, at once. Download what you want to keep first."
      confirm="Delete account"
      danger
      busy={isSubmitting}
      onConfirm={submit}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label="Your password" error={errors.password?.message}>
          <PasswordInput autoComplete="current-password" {...form.register("password")} />
        </Field>
        <FormError>{errors.root?.server?.message}</FormError>
      </form>
    </ConfirmDialog>
  );
}
