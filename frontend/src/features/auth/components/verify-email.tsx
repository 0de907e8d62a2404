"use client";

import Link from "next/link";
import { useVerifyEmail } from "@/api/account/mutations";
import { Button } from "@/components/ui/button";
import { FormError } from "@/components/ui/field";
import { explain } from "@/lib/errors/explain";
import { paths } from "@/lib/routes";
import { AuthCard } from "./auth-card";
import { TextLink } from "./text-link";

/** Waits for a press of the button: mail scanners open links, too, and would use up the key. */
export function VerifyEmail({ verificationKey }: { verificationKey: string | null }) {
  const { mutate, isPending, isSuccess, error } = useVerifyEmail();
  const footer = <TextLink href={paths.login}>Back to sign in</TextLink>;
  if (!verificationKey) {
    return (
      <AuthCard title="The link is incomplete" footer={footer}>
        <p className="leading-relaxed">Open the link in the e-mail again, or copy it in full.</p>
      </AuthCard>
    );
  }
  if (isSuccess) {
    return (
      <AuthCard title="Your address has been confirmed">
        <Button asChild className="w-full">
          <Link href={paths.login}>Sign in</Link>
        </Button>
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title="Confirm your address"
      description="One click confirms that the address is yours."
      footer={footer}
    >
      <div className="space-y-4">
        <FormError>{error && explain(error).detail}</FormError>
        <Button className="w-full" busy={isPending} onClick={() => mutate(verificationKey)}>
          Confirm
        </Button>
      </div>
    </AuthCard>
  );
}
