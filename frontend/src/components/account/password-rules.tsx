"use client";

import { useConfig } from "@/lib/use-config";

/** What the server asks of a password, said before it refuses one. */
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
