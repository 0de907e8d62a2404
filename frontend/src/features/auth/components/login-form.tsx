"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useResendVerification, useSignIn } from "@/api/account/mutations";
import { PasswordInput } from "@/components/account/password-input";
import { Button } from "@/components/ui/button";
import { Field, FormError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ApiProblem } from "@/lib/api/problem";
import { useForm } from "@/lib/forms/use-form";
import { addressAfterSignIn, paths, signupAddress } from "@/lib/routes";
import { followHint, maybeSignedIn, useSessionStore } from "@/lib/session/store";
import { z } from "@/lib/zod";
import { AuthCard } from "./auth-card";
import { MailFolder } from "./mail-folder";
import { TextLink } from "./text-link";
import { useEnter } from "./use-enter";

const schema = z.object({
  login: z.string().trim().min(1, "Enter your e-mail address or user name."),
  password: z.string().min(1, "Enter your password."),
});

export function LoginForm({ next }: { next: string | null }) {
  const ended = useSessionStore((state) => state.ended);
  const enter = useEnter();
  const router = useRouter();
  const { mutateAsync: signIn, error } = useSignIn();
  const { mutate: resendVerification } = useResendVerification();
  const form = useForm(schema, { login: "", password: "" }, async (values) => {
    const { user } = await signIn(values);
    enter(user);
  });
  const unverified = error instanceof ApiProblem && error.code === "email_not_verified";

  // A sign-in in another tab counts here, too.
  useEffect(followHint, []);
  useEffect(() => {
    if (ended === null && maybeSignedIn()) {
      router.replace(addressAfterSignIn(next));
    }
  }, [ended, next, router]);

  return (
    <AuthCard
      title={ended === "expired" ? "Sign in again" : "Sign in"}
      description={
        ended === "expired"
          ? "Your session has ended. Sign in to continue where you were; nothing is lost."
          : undefined
      }
      footer={
        <>
          No account yet? <TextLink href={signupAddress(next)}>Create one</TextLink>
        </>
      }
    >
      <form onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field label="E-mail or user name" {...form.field("login")}>
          <Input autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus />
        </Field>
        <Field
          label="Password"
          aside={<TextLink href={paths.forgotPassword}>Forgotten?</TextLink>}
          {...form.field("password")}
        >
          <PasswordInput autoComplete="current-password" />
        </Field>
        <FormError>{form.error}</FormError>
        {unverified && (
          <>
            <MailFolder />
            <Button
              variant="secondary"
              className="w-full"
              onClick={() => resendVerification(form.getValues("login"))}
            >
              Resend the link
            </Button>
          </>
        )}
        <Button type="submit" className="w-full" busy={form.busy}>
          Sign in
        </Button>
      </form>
    </AuthCard>
  );
}
