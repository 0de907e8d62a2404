"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { useChangePassword } from "@/api/account/mutations";
import { useUser } from "@/api/account/queries";
import { PasswordInput } from "@/components/account/password-input";
import { PasswordRules } from "@/components/account/password-rules";
import { Button } from "@/components/ui/button";
import { Field, FormError } from "@/components/ui/field";
import { showProblem } from "@/lib/forms/show-problem";
import { toast } from "@/lib/toast";
import { z } from "@/lib/zod";
import { SettingsSection } from "./settings-section";

// Named as in the request, so that errors of the server find their fields.
const schema = z.object({
  old_password: z.string().min(1, "Enter your current password."),
  new_password1: z.string().min(1, "Choose a password.").max(128, "At most 128 characters."),
});

const EMPTY = { old_password: "", new_password1: "" };

export function PasswordSection() {
  const { data: user } = useUser();
  const { mutateAsync: changePassword } = useChangePassword();
  const form = useForm({ resolver: zodResolver(schema), defaultValues: EMPTY });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ old_password: old, new_password1: chosen }) => {
    try {
      await changePassword({ old, chosen });
      form.reset(EMPTY);
      toast.success("Your password is changed", {
        description: "You are signed out everywhere else.",
      });
    } catch (error) {
      showProblem(error, form.setError, ["old_password", "new_password1"]);
    }
  });
  return (
    <SettingsSection
      id="password"
      description="A new one signs you out everywhere else. API keys go on working."
    >
      <form onSubmit={submit} noValidate className="flex max-w-sm flex-col gap-4">
        {/* Tells password managers whose password it is. */}
        <input
          type="email"
          autoComplete="username"
          value={user?.email ?? ""}
          readOnly
          hidden
          aria-hidden
        />
        <Field label="Current password" error={errors.old_password?.message}>
          <PasswordInput autoComplete="current-password" {...form.register("old_password")} />
        </Field>
        <Field label="New password" error={errors.new_password1?.message} hint={<PasswordRules />}>
          <PasswordInput autoComplete="new-password" {...form.register("new_password1")} />
        </Field>
        <FormError>{errors.root?.server?.message}</FormError>
        <Button type="submit" className="sm:self-start" busy={isSubmitting}>
          Change password
        </Button>
      </form>
    </SettingsSection>
  );
}
