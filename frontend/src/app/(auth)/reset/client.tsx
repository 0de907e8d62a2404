"use client";

import { ResetForm } from "@/features/auth/components/reset-form";
import { QueryValues } from "@/lib/url/query-values";

export function ResetPage() {
  return (
    <QueryValues names={["uid", "token"]}>
      {({ uid, token }) => <ResetForm uid={uid} token={token} />}
    </QueryValues>
  );
}
