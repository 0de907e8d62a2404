"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useRequestPasswordReset } from "@/api/account/mutations";
import { Button } from "@/components/ui/button";
import { Field, FormError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { showProblem } from "@/lib/forms/show-problem";
import { paths } from "@/lib/routes";
import { z } from "@/lib/zod";
import { AuthCard } from "./auth-card";
import { TextLink } from "./text-link";

const schema = z.object({
  email: z.email("Enter an e-mail address, like name@example.com."),
});

export function ForgotForm() {
  const { mutateAsync: requestReset } = useRequestPasswordReset();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { email: "" } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ email }) => {
    try {
      await requestReset(email);
      setSentTo(email);
    } catch (error) {
      showProblem(error, form.setError, ["email"]);
    }
  });
  const footer = <TextLink href={paths.login}>Back to sign in</TextLink>;
  if (sentTo !== null) {
    return (
      <AuthCard title="Check your mail" footer={footer}>
        <p role="status" className="leading-relaxed">
          If there is an account for <strong className="break-all font-medium">{sentTo}</strong>, a
          link to choose a new password is on its way.
        </p>
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title="New password"
      description="Tell us your address, and we send a link to choose a new one."
      footer={footer}
    >
      <form onSubmit={submit} noValidate className="space-y-4">
        <Field label="E-mail" error={errors.email?.message}>
          <Input type="email" autoComplete="email" autoFocus {...form.register("email")} />
        </Field>
        <FormError>{errors.root?.server?.message}</FormError>
        <Button type="submit" className="w-full" busy={isSubmitting}>
          Send the link
        </Button>
      </form>
    </AuthCard>
  );
}
