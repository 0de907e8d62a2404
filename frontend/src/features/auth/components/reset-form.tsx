"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";
import { useResetPassword } from "@/api/account/mutations";
import { PasswordInput } from "@/components/account/password-input";
import { PasswordRules } from "@/components/account/password-rules";
import { Button } from "@/components/ui/button";
import { Field, FormError } from "@/components/ui/field";
import { ApiProblem } from "@/lib/api/problem";
import { showProblem } from "@/lib/forms/show-problem";
import { paths } from "@/lib/routes";
import { toast } from "@/lib/toast";
import { z } from "@/lib/zod";
import { AuthCard } from "./auth-card";
import { TextLink } from "./text-link";

const schema = z.object({
  new_password1: z.string().min(1, "Choose a password.").max(128, "At most 128 characters."),
});

const BROKEN = "This link no longer works: it was used already, or it is too old.";

export function ResetForm({ uid, token }: { uid: string | null; token: string | null }) {
  const router = useRouter();
  const { mutateAsync: resetPassword } = useResetPassword();
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { new_password1: "" } });
  const { errors, isSubmitting } = form.formState;
  if (!uid || !token) {
    return (
      <AuthCard
        title="The link is incomplete"
        footer={<TextLink href={paths.forgotPassword}>Ask for a new link</TextLink>}
      >
        <p className="leading-relaxed">Open the link in the mail again, or copy all of it.</p>
      </AuthCard>
    );
  }
  const submit = form.handleSubmit(async ({ new_password1: password }) => {
    try {
      await resetPassword({ uid, token, password });
      toast.success("Your password is changed", { description: "Sign in with the new one." });
      router.replace(paths.login);
    } catch (error) {
      const byField = error instanceof ApiProblem ? error.byField() : {};
      if (byField.uid ?? byField.token) {
        form.setError("root.server", { message: BROKEN });
      } else {
        showProblem(error, form.setError, ["new_password1"]);
      }
    }
  });
  return (
    <AuthCard
      title="Choose a new password"
      footer={<TextLink href={paths.forgotPassword}>Ask for a new link</TextLink>}
    >
      <form onSubmit={submit} noValidate className="space-y-4">
        <Field label="New password" error={errors.new_password1?.message} hint={<PasswordRules />}>
          <PasswordInput
            autoComplete="new-password"
            autoFocus
            {...form.register("new_password1")}
          />
        </Field>
        <FormError>{errors.root?.server?.message}</FormError>
        <Button type="submit" className="w-full" busy={isSubmitting}>
          Change password
        </Button>
      </form>
    </AuthCard>
  );
}
