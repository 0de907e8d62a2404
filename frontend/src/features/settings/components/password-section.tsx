"use client";

import { useChangePassword } from "@/api/account/mutations";
import { useUser } from "@/api/account/queries";
import { PasswordInput } from "@/components/account/password-input";
import { PasswordRules } from "@/components/account/password-rules";
import { Button } from "@/components/ui/button";
import { Field, FormError } from "@/components/ui/field";
import { newPassword } from "@/lib/forms/fields";
import { useForm } from "@/lib/forms/use-form";
import { toast } from "@/lib/toast";
import { z } from "@/lib/zod";
import { SettingsSection } from "./settings-section";

const schema = z.object({
  old_password: z.string().min(1, "Enter your current password."),
  new_password1: newPassword,
});

const EMPTY = { old_password: "", new_password1: "" };

export function PasswordSection() {
  const { data: user } = useUser();
  const { mutateAsync: changePassword } = useChangePassword();
  const form = useForm(schema, EMPTY, async ({ old_password: old, new_password1: chosen }) => {
    await changePassword({ old, chosen });
    form.reset(EMPTY);
    toast.success("Your password has been changed", {
      description: "You have been signed out everywhere else.",
    });
  });
  return (
    <SettingsSection
      id="password"
      description="Changing it signs you out everywhere else. API keys keep working."
    >
      <form onSubmit={form.onSubmit} noValidate className="flex max-w-sm flex-col gap-4">
        {/* Tells password managers whose password it is. */}
        <input
          type="email"
          autoComplete="username"
          value={user?.email ?? ""}
          readOnly
          hidden
          aria-hidden
        />
        <Field label="Current password" {...form.field("old_password")}>
          <PasswordInput autoComplete="current-password" />
        </Field>
        <Field label="New password" hint={<PasswordRules />} {...form.field("new_password1")}>
          <PasswordInput autoComplete="new-password" />
        </Field>
        <FormError>{form.error}</FormError>
        <Button type="submit" className="sm:self-start" busy={form.busy}>
          Change password
        </Button>
      </form>
    </SettingsSection>
  );
}
