"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { useChangeProfile } from "@/api/account/mutations";
import { useUser } from "@/api/account/queries";
import type { User } from "@/api/account/schema";
import { PasswordInput } from "@/components/account/password-input";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Field, FormError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";
import { showProblem } from "@/lib/forms/show-problem";
import { toast } from "@/lib/toast";
import { useConfig } from "@/lib/use-config";
import { z } from "@/lib/zod";
import { SettingsSection } from "./settings-section";

export function ProfileSection() {
  const user = useUser();
  return (
    <SettingsSection id="profile" description="Your name and address.">
      {user.data ? (
        <ProfileForm user={user.data} />
      ) : user.isError ? (
        <ErrorState error={user.error} onRetry={() => user.refetch()} busy={user.isFetching} />
      ) : (
        <Skeleton className="h-62" />
      )}
    </SettingsSection>
  );
}

const name = z.string().trim().max(150, "At most 150 characters.");

const schema = z.object({
  username: name
    .min(1, "Enter a user name.")
    .regex(/^[\p{L}\p{N}_.@+-]*$/u, "Letters, digits and @ . + - _ only."),
  email: z.email("Enter an e-mail address, like name@example.com."),
  first_name: name,
  last_name: name,
  password: z.string(),
});

type Values = z.infer<typeof schema>;

function ProfileForm({ user }: { user: User }) {
  const { emailVerification } = useConfig();
  const { mutateAsync } = useChangeProfile();
  const form = useForm({ resolver: zodResolver(schema), defaultValues: shown(user) });
  const { errors, isSubmitting, isDirty } = form.formState;
  const fixedEmail = emailVerification === "mandatory";
  const newEmail = form.watch("email").toLowerCase() !== user.email.toLowerCase();
  const submit = form.handleSubmit(async ({ email, password, ...names }) => {
    // Send only changed fields: another tab may have changed the others.
    const different = Object.entries(names).filter(
      ([field, value]) => value !== shown(user)[field as keyof Values],
    );
    try {
      const changed = await mutateAsync({
        ...Object.fromEntries(different),
        ...(newEmail ? { email, password } : {}),
      });
      form.reset(shown(changed));
      toast.success("Your profile is saved");
    } catch (error) {
      showProblem(error, form.setError, FIELDS);
    }
  });
  return (
    <form onSubmit={submit} noValidate className="grid gap-4 sm:grid-cols-2">
      <Field label="First name" error={errors.first_name?.message}>
        <Input autoComplete="given-name" {...form.register("first_name")} />
      </Field>
      <Field label="Last name" error={errors.last_name?.message}>
        <Input autoComplete="family-name" {...form.register("last_name")} />
      </Field>
      <Field
        label="User name"
        error={errors.username?.message}
        hint="You can sign in with it, too."
      >
        <Input
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          {...form.register("username")}
        />
      </Field>
      <Field
        label="E-mail"
        error={errors.email?.message}
        hint={fixedEmail ? "A confirmed address cannot be changed." : undefined}
      >
        <Input
          type="email"
          autoComplete="email"
          readOnly={fixedEmail}
          {...form.register("email")}
        />
      </Field>
      {newEmail && (
        <Field
          label="Current password"
          error={errors.password?.message}
          hint="Required for a new address, because the address can be used to reset the password."
          className="sm:col-span-2"
        >
          <PasswordInput autoComplete="current-password" {...form.register("password")} />
        </Field>
      )}
      <div className="flex flex-col gap-4 sm:col-span-2">
        <FormError>{errors.root?.server?.message}</FormError>
        <Button type="submit" className="sm:self-start" busy={isSubmitting} disabled={!isDirty}>
          Save
        </Button>
      </div>
    </form>
  );
}

const FIELDS = ["username", "email", "first_name", "last_name", "password"] as const;

function shown({ username, email, first_name, last_name }: User): Values {
  return { username, email, first_name, last_name, password: "" };
}
