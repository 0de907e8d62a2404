"use client";

import { SignupForm } from "@/features/auth/components/signup-form";
import { QueryValues } from "@/lib/url/query-values";

export function SignupPage() {
  return <QueryValues names={["next"]}>{({ next }) => <SignupForm next={next} />}</QueryValues>;
}
