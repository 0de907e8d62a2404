"use client";

import { Check, Copy } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { copyText } from "@/lib/copy-text";

interface SecretDialogProps {
  title: string;
  /** The name of the secret: "API key". */
  label: string;
  /** null: it was in an earlier answer, which was lost. */
  secret: string | null;
  /** The server's remark about the secret. */
  detail: string;
  /** How to use the secret. */
  children?: ReactNode;
  onClose: () => void;
}

/** Shows a secret once. Only the button that says so closes the dialog. */
export function SecretDialog(props: SecretDialogProps) {
  const { title, label, secret, detail, children, onClose } = props;
  const id = useId();
  const [copied, setCopied] = useState(false);
  const copy = async () =>
    setCopied(await copyText(secret ?? "", "Select the text and copy it by hand."));
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={title}
        description={detail}
        persistent={secret !== null}
        footer={
          <Button variant={secret === null || copied ? "primary" : "secondary"} onClick={onClose}>
            {secret === null ? "Close" : "I have saved it"}
          </Button>
        }
      >
        {secret !== null && (
          <div className="flex flex-col gap-4">
            <div className="flex flex-col gap-1.5">
              <label htmlFor={id} className="font-medium text-sm">
                {label}
              </label>
              <div className="flex gap-2">
                <Input
                  id={id}
                  readOnly
                  value={secret}
                  className="font-mono"
                  onFocus={(event) => event.target.select()}
                />
                <Button variant={copied ? "secondary" : "primary"} onClick={copy}>
                  {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
                  <span aria-live="polite">{copied ? "Copied" : "Copy"}</span>
                </Button>
              </div>
            </div>
            {children}
          </div>
        )}
      </DialogContent>
    </Dialog>
  );
}
