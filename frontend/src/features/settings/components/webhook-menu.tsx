"use client";

import { MoreHorizontal, Pencil, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useDeleteWebhook, useRotateSecret } from "@/api/webhooks/mutations";
import type { SecretWebhook, Webhook } from "@/api/webhooks/schema";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { toastError } from "@/lib/errors/toast-error";

interface WebhookMenuProps {
  webhook: Webhook;
  onEdit: () => void;
  onSecret: (webhook: SecretWebhook) => void;
}

export function WebhookMenu({ webhook, onEdit, onSecret }: WebhookMenuProps) {
  const [asking, setAsking] = useState<"rotate" | "delete" | null>(null);
  const rotate = useRotateSecret();
  const remove = useDeleteWebhook();
  const close = () => setAsking(null);
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" size="icon-sm" aria-label={`More for ${webhook.url}`}>
            <MoreHorizontal aria-hidden />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem onSelect={onEdit}>
            <Pencil aria-hidden />
            Edit
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => setAsking("rotate")}>
            <RefreshCw aria-hidden />
            New secret
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem danger onSelect={() => setAsking("delete")}>
            <Trash2 aria-hidden />
            Delete
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <ConfirmDialog
        open={asking === "rotate"}
        onOpenChange={close}
        title="Create a new secret?"
        description="For 24 hours, messages are also signed with the old secret, so that you have time to replace it."
        confirm="New secret"
        busy={rotate.isPending}
        onConfirm={() =>
          rotate.mutate(webhook.id, {
            onSuccess: (answer) => {
              close();
              onSecret(answer);
            },
            onError: (error) => toastError(error),
          })
        }
      />
      <ConfirmDialog
        open={asking === "delete"}
        onOpenChange={close}
        title="Delete the webhook?"
        description={
          <>
            Nothing more is sent to <span className="break-all">{webhook.url}</span>, and the list
            of its deliveries goes, too.
          </>
        }
        confirm="Delete"
        danger
        busy={remove.isPending}
        onConfirm={() =>
          remove.mutate(webhook.id, { onSuccess: close, onError: (error) => toastError(error) })
        }
      />
    </>
  );
}
