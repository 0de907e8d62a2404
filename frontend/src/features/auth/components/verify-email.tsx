"use client";

import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { FormError } from "@/components/ui/field";
import { explain } from "@/lib/errors/explain";
import { verifyEmail } from "../api/verify-email";
import { AuthCard } from "./auth-card";
import { TextLink } from "./text-link";

/** Asks for a press of a button: mail scanners open links, too, and would use the key up. */
export function VerifyEmail({ verificationKey }: { verificationKey: string | null }) {
  const { mutate, isPending, isSuccess, error } = useMutation({ mutationFn: verifyEmail });
  const footer = <TextLink href="/login/">Back to sign in</TextLink>;
  if (!verificationKey) {
    return (
      <AuthCard title="The link is not complete" footer={footer}>
        <p className="leading-relaxed">Open it from the mail once more, or copy all of it.</p>
      </AuthCard>
    );
  }
  if (isSuccess) {
    return (
      <AuthCard title="Your address is confirmed">
        <Button asChild className="w-full">
          <Link href="/login/">Sign in</Link>
        </Button>
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title="Confirm your address"
      description="One press, and your account is ready."
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
