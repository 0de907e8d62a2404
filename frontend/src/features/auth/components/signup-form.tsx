"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { MailCheck } from "lucide-react";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useResendVerification, useSignUp } from "@/api/account/mutations";
import { PasswordInput } from "@/components/account/password-input";
import { PasswordRules } from "@/components/account/password-rules";
import { Button } from "@/components/ui/button";
import { Field, FormError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ApiProblem } from "@/lib/api/problem";
import { showProblem } from "@/lib/forms/show-problem";
import { loginAddress, paths } from "@/lib/routes";
import { z } from "@/lib/zod";
import { AuthCard } from "./auth-card";
import { TextLink } from "./text-link";
import { useEnter } from "./use-enter";

const schema = z.object({
  email: z.email("Enter an e-mail address, like name@example.com."),
  password: z.string().min(1, "Choose a password.").max(128, "At most 128 characters."),
});

export function SignupForm({ next }: { next: string | null }) {
  const enter = useEnter();
  const { mutateAsync: signUp } = useSignUp();
  const [mailedTo, setMailedTo] = useState<string | null>(null);
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: { email: "", password: "" },
  });
  const { errors, isSubmitting } = form.formState;

  const submit = form.handleSubmit(async (values) => {
    try {
      const answer = await signUp(values);
      if ("user" in answer) {
        enter(answer.user);
      } else {
        setMailedTo(values.email);
      }
    } catch (error) {
      showProblem(renamePassword(error), form.setError, ["email", "password"]);
    }
  });

  if (mailedTo !== null) {
    return <MailSent email={mailedTo} />;
  }
  return (
    <AuthCard
      title="Make an account"
      description="Free on this server. No card, no newsletter."
      footer={
        <>
          Have one already? <TextLink href={loginAddress(next)}>Sign in</TextLink>
        </>
      }
    >
      <form onSubmit={submit} noValidate className="space-y-4">
        <Field label="E-mail" error={errors.email?.message}>
          <Input type="email" autoComplete="email" autoFocus {...form.register("email")} />
        </Field>
        <Field label="Password" error={errors.password?.message} hint={<PasswordRules />}>
          <PasswordInput autoComplete="new-password" {...form.register("password")} />
        </Field>
        <FormError>{errors.root?.server?.message}</FormError>
        <Button type="submit" className="w-full" busy={isSubmitting}>
          Make an account
        </Button>
      </form>
    </AuthCard>
  );
}

/** The server names the field `password1`, the form names it `password`. */
function renamePassword(error: unknown): unknown {
  if (!(error instanceof ApiProblem)) {
    return error;
  }
  const errors = error.errors.map((one) => ({
    ...one,
    pointer: one.pointer.replace(/^\/password1$/, "/password"),
  }));
  return new ApiProblem(error.status, error.code, error.detail, error.title, errors, error.extra);
}

function MailSent({ email }: { email: string }) {
  const { mutate: resendVerification } = useResendVerification();
  return (
    <AuthCard
      title="Check your mail"
      footer={
        <>
          Confirmed it? <TextLink href={paths.login}>Sign in</TextLink>
        </>
      }
    >
      <MailCheck aria-hidden className="mb-3 size-6 text-success" />
      <p className="leading-relaxed">
        We have sent a link to <strong className="break-all font-medium">{email}</strong>. Open it
        to confirm that the address is yours.
      </p>
      <Button variant="secondary" className="mt-5 w-full" onClick={() => resendVerification(email)}>
        Send it again
      </Button>
    </AuthCard>
  );
}
