"use client";

import { useChangeProfile } from "@/api/account/mutations";
import { useUser } from "@/api/account/queries";
import type { User } from "@/api/account/schema";
import { PasswordInput } from "@/components/account/password-input";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Field, FormError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";
import { emailAddress } from "@/lib/forms/fields";
import { useForm } from "@/lib/forms/use-form";
import { toast } from "@/lib/toast";
import { z } from "@/lib/zod";
import { PendingEmail } from "./pending-email";
import { SettingsSection } from "./settings-section";

export function ProfileSection() {
  const user = useUser();
  return (
    <SettingsSection id="profile" description="Your name and address.">
      {user.data ? (
        <ProfileForm user={user.data} />
      ) : user.isError ? (
        <ErrorState query={user} />
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
  email: emailAddress,
  first_name: name,
  last_name: name,
  password: z.string(),
});

type Values = z.infer<typeof schema>;

function ProfileForm({ user }: { user: User }) {
  const { mutateAsync: changeProfile } = useChangeProfile();
  const form = useForm(schema, shown(user), async ({ email, password, ...names }) => {
    // Send only changed fields: another tab may have changed the others.
    const different = Object.entries(names).filter(
      ([field, value]) => value !== shown(user)[field as keyof Values],
    );
    const changed = await changeProfile({
      ...Object.fromEntries(different),
      ...(newEmail ? { email, password } : {}),
    });
    form.reset(shown(changed));
    toast.success("Profile saved");
  });
  const newEmail = form.watch("email").toLowerCase() !== user.email.toLowerCase();
  return (
    <form onSubmit={form.onSubmit} noValidate className="grid gap-4 sm:grid-cols-2">
      <Field label="First name" {...form.field("first_name")}>
        <Input autoComplete="given-name" />
      </Field>
      <Field label="Last name" {...form.field("last_name")}>
        <Input autoComplete="family-name" />
      </Field>
      <Field label="User name" hint="You can also sign in with it." {...form.field("username")}>
        <Input autoComplete="username" autoCapitalize="none" spellCheck={false} />
      </Field>
      <Field label="E-mail" {...form.field("email")}>
        <Input type="email" autoComplete="email" />
      </Field>
      {user.pending_email && <PendingEmail email={user.pending_email} present={user.email} />}
      {newEmail && (
        <Field
          label="Current password"
          hint="Required to change the address, because it can be used to reset the password."
          className="sm:col-span-2"
          {...form.field("password")}
        >
          <PasswordInput autoComplete="current-password" />
        </Field>
      )}
      <div className="flex flex-col gap-4 sm:col-span-2">
        <FormError>{form.error}</FormError>
        <Button
          type="submit"
          className="sm:self-start"
          busy={form.busy}
          disabled={!form.formState.isDirty}
        >
          Save
        </Button>
      </div>
    </form>
  );
}

function shown({ username, email, first_name, last_name }: User): Values {
  return { username, email, first_name, last_name, password: "" };
}
