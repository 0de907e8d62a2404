"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useForm } from "react-hook-form";
import { useResendVerification, useSignIn } from "@/api/account/mutations";
import { PasswordInput } from "@/components/account/password-input";
import { Button } from "@/components/ui/button";
import { Field, FormError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ApiProblem } from "@/lib/api/problem";
import { showProblem } from "@/lib/forms/show-problem";
import { addressAfterSignIn, paths, signupAddress } from "@/lib/routes";
import { followHint, maybeSignedIn, useSessionStore } from "@/lib/session/store";
import { z } from "@/lib/zod";
import { AuthCard } from "./auth-card";
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
  const { mutateAsync: signIn } = useSignIn();
  const { mutate: resendVerification } = useResendVerification();
  const [unverified, setUnverified] = useState(false);
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: { login: "", password: "" },
  });
  const { errors, isSubmitting } = form.formState;

  // A sign-in in another tab counts here, too.
  useEffect(followHint, []);
  useEffect(() => {
    if (ended === null && maybeSignedIn()) {
      router.replace(addressAfterSignIn(next));
    }
  }, [ended, next, router]);

  const submit = form.handleSubmit(async (values) => {
    setUnverified(false);
    try {
      const { user } = await signIn(values);
      enter(user);
    } catch (error) {
      setUnverified(error instanceof ApiProblem && error.code === "email_not_verified");
      showProblem(error, form.setError, ["password"]);
    }
  });

  const resend = () => resendVerification(form.getValues("login"));

  return (
    <AuthCard
      title={ended === "expired" ? "Sign in again" : "Sign in"}
      description={
        ended === "expired"
          ? "Your session has ended. You go on where you were; nothing is lost."
          : undefined
      }
      footer={
        <>
          No account yet? <TextLink href={signupAddress(next)}>Make one</TextLink>
        </>
      }
    >
      <form onSubmit={submit} noValidate className="space-y-4">
        <Field label="E-mail or user name" error={errors.login?.message}>
          <Input
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            {...form.register("login")}
          />
        </Field>
        <Field
          label="Password"
          error={errors.password?.message}
          aside={<TextLink href={paths.forgotPassword}>Forgotten?</TextLink>}
        >
          <PasswordInput autoComplete="current-password" {...form.register("password")} />
        </Field>
        <FormError>{errors.root?.server?.message}</FormError>
        {unverified && (
          <Button variant="secondary" className="w-full" onClick={resend}>
            Send the link again
          </Button>
        )}
        <Button type="submit" className="w-full" busy={isSubmitting}>
          Sign in
        </Button>
      </form>
    </AuthCard>
  );
}
