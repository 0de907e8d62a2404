"use client";

import { useConfig } from "@/lib/use-config";

/** The server's rules for passwords. */
export function PasswordRules() {
  const { passwordRules } = useConfig();
  return (
    <ul className="list-disc space-y-0.5 pl-4 marker:text-input">
      {passwordRules.map((rule) => (
        <li key={rule}>{rule}</li>
      ))}
    </ul>
  );
}
