"use client";

import { LoginForm } from "@/features/auth/components/login-form";
import { QueryValues } from "@/lib/url/query-values";

export function LoginPage() {
  return <QueryValues names={["next"]}>{({ next }) => <LoginForm next={next} />}</QueryValues>;
}
