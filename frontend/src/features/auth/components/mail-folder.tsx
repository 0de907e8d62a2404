"use client";

import { Note } from "@/components/ui/note";
import { useConfig } from "@/lib/use-config";

/** Where the mail is, if this service writes mails to files. Nothing on a service that sends them. */
export function MailFolder() {
  const { mailFolder } = useConfig();
  return mailFolder === null ? null : (
    <Note tone="warning" className="mt-4">
      This server does not send e-mail. It saves each message as a file in{" "}
      <code className="break-all">{mailFolder}</code>. Open the newest file and follow the link in
      it.
    </Note>
  );
}
