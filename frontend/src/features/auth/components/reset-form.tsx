"use client";

import { useRouter } from "next/navigation";
import { useResetPassword } from "@/api/account/mutations";
import { PasswordInput } from "@/components/account/password-input";
import { PasswordRules } from "@/components/account/password-rules";
import { Button } from "@/components/ui/button";
import { Field, FormError } from "@/components/ui/field";
import { ApiProblem } from "@/lib/api/problem";
import { newPassword } from "@/lib/forms/fields";
import { useForm } from "@/lib/forms/use-form";
import { paths } from "@/lib/routes";
import { toast } from "@/lib/toast";
import { z } from "@/lib/zod";
import { AuthCard } from "./auth-card";
import { TextLink } from "./text-link";

const schema = z.object({ new_password1: newPassword });

export function ResetForm({ uid, token }: { uid: string | null; token: string | null }) {
  const footer = <TextLink href={paths.forgotPassword}>Request a new link</TextLink>;
  return uid && token ? (
    <AuthCard title="Choose a new password" footer={footer}>
      <NewPassword uid={uid} token={token} />
    </AuthCard>
  ) : (
    <AuthCard title="The link is incomplete" footer={footer}>
      <p className="leading-relaxed">Open the link in the e-mail again, or copy it in full.</p>
    </AuthCard>
  );
}

function NewPassword({ uid, token }: { uid: string; token: string }) {
  const router = useRouter();
  const { mutateAsync: resetPassword } = useResetPassword();
  const form = useForm(schema, { new_password1: "" }, async ({ new_password1: password }) => {
    await resetPassword({ uid, token, password }).catch(explainLink);
    toast.success("Your password has been changed", { description: "Sign in with the new one." });
    router.replace(paths.login);
  });
  return (
    <form onSubmit={form.onSubmit} noValidate className="space-y-4">
      <Field label="New password" hint={<PasswordRules />} {...form.field("new_password1")}>
        <PasswordInput autoComplete="new-password" autoFocus />
      </Field>
      <FormError>{form.error}</FormError>
      <Button type="submit" className="w-full" busy={form.busy}>
        Change password
      </Button>
    </form>
  );
}

/** Throw an error about the link if the server refused a part of it, and `error` otherwise. */
function explainLink(error: unknown): never {
  const byField = error instanceof ApiProblem ? error.byField() : {};
  throw byField.uid || byField.token
    ? new Error("This link no longer works: it has already been used or has expired.")
    : error;
}
