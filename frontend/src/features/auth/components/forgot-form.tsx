"use client";

import { useState } from "react";
import { useRequestPasswordReset } from "@/api/account/mutations";
import { Button } from "@/components/ui/button";
import { Field, FormError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { emailAddress } from "@/lib/forms/fields";
import { useForm } from "@/lib/forms/use-form";
import { paths } from "@/lib/routes";
import { useConfig } from "@/lib/use-config";
import { z } from "@/lib/zod";
import { AuthCard } from "./auth-card";
import { MailFolder } from "./mail-folder";
import { TextLink } from "./text-link";

const schema = z.object({ email: emailAddress });

export function ForgotForm() {
  const { mutateAsync: requestReset } = useRequestPasswordReset();
  const { mailFolder } = useConfig();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm(schema, { email: "" }, async ({ email }) => {
    await requestReset(email);
    setSentTo(email);
  });
  const footer = <TextLink href={paths.login}>Back to sign in</TextLink>;
  if (sentTo !== null) {
    return (
      <AuthCard title={mailFolder === null ? "Check your e-mail" : "Open the link"} footer={footer}>
        <p role="status" className="leading-relaxed">
          If an account exists for <strong className="break-all font-medium">{sentTo}</strong>,{" "}
          {mailFolder === null
            ? "a link to choose a new password is on its way."
            : "there is now a link to choose a new password."}
        </p>
        <MailFolder />
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title="New password"
      description="Enter your e-mail address to get a link to choose a new password."
      footer={footer}
    >
      <form onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field label="E-mail" {...form.field("email")}>
          <Input type="email" autoComplete="email" autoFocus />
        </Field>
        <FormError>{form.error}</FormError>
        <Button type="submit" className="w-full" busy={form.busy}>
          Send the link
        </Button>
      </form>
    </AuthCard>
  );
}
