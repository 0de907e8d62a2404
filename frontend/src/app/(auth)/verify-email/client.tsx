"use client";

import { VerifyEmail } from "@/features/auth/components/verify-email";
import { QueryValues } from "@/lib/url/query-values";

export function VerifyEmailPage() {
  return (
    <QueryValues names={["key"]}>{({ key }) => <VerifyEmail verificationKey={key} />}</QueryValues>
  );
}
