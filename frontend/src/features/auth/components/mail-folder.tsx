"use client";

import { Note } from "@/components/ui/note";
import { useConfig } from "@/lib/use-config";

/** Where the mail is, if this service writes mails to files. Nothing on a service that sends them. */
export function MailFolder() {
  const { mailFolder } = useConfig();
  return mailFolder === null ? null : (
    <Note tone="warning" className="mt-4">
      This server sends no mail. It writes each one to a file in{" "}
      <code className="break-all">{mailFolder}</code>: open the newest file and follow its link.
    </Note>
  );
}
