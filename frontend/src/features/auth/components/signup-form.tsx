"use client";

import { MailCheck } from "lucide-react";
import { useState } from "react";
import { useResendVerification, useSignUp } from "@/api/account/mutations";
import { PasswordInput } from "@/components/account/password-input";
import { PasswordRules } from "@/components/account/password-rules";
import { Button } from "@/components/ui/button";
import { Field, FormError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { emailAddress, newPassword } from "@/lib/forms/fields";
import { useForm } from "@/lib/forms/use-form";
import { loginAddress, paths } from "@/lib/routes";
import { useConfig } from "@/lib/use-config";
import { z } from "@/lib/zod";
import { AuthCard } from "./auth-card";
import { MailFolder } from "./mail-folder";
import { TextLink } from "./text-link";
import { useEnter } from "./use-enter";

const schema = z.object({ email: emailAddress, password: newPassword });

export function SignupForm({ next }: { next: string | null }) {
  const enter = useEnter();
  const { mutateAsync: signUp } = useSignUp();
  const [mailedTo, setMailedTo] = useState<string | null>(null);
  const form = useForm(schema, { email: "", password: "" }, async (values) => {
    const answer = await signUp(values);
    if ("user" in answer) {
      enter(answer.user);
    } else {
      setMailedTo(values.email);
    }
  });

  if (mailedTo !== null) {
    return <MailSent email={mailedTo} />;
  }
  return (
    <AuthCard
      title="Create an account"
      description="Free on this server. No card, no newsletter."
      footer={
        <>
          Already have an account? <TextLink href={loginAddress(next)}>Sign in</TextLink>
        </>
      }
    >
      <form onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field label="E-mail" {...form.field("email")}>
          <Input type="email" autoComplete="email" autoFocus />
        </Field>
        <Field label="Password" hint={<PasswordRules />} {...form.field("password")}>
          <PasswordInput autoComplete="new-password" />
        </Field>
        <FormError>{form.error}</FormError>
        <Button type="submit" className="w-full" busy={form.busy}>
          Create an account
        </Button>
      </form>
    </AuthCard>
  );
}

function MailSent({ email }: { email: string }) {
  const { mutate: resendVerification } = useResendVerification();
  const { mailFolder } = useConfig();
  const address = <strong className="break-all font-medium">{email}</strong>;
  return (
    <AuthCard
      title={mailFolder === null ? "Check your e-mail" : "Confirm your e-mail address"}
      footer={
        <>
          Already confirmed? <TextLink href={paths.login}>Sign in</TextLink>
        </>
      }
    >
      <MailCheck aria-hidden className="mb-3 size-6 text-success" />
      <p className="leading-relaxed">
        {mailFolder === null ? (
          <>We have sent a link to {address}. Open it to confirm that the address is yours.</>
        ) : (
          <>Open the confirmation link to show that {address} is yours.</>
        )}
      </p>
      <MailFolder />
      <Button variant="secondary" className="mt-5 w-full" onClick={() => resendVerification(email)}>
        Resend the link
      </Button>
    </AuthCard>
  );
}
