"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { webhooksQuery } from "@/api/webhooks/queries";
import type { SecretWebhook, Webhook } from "@/api/webhooks/schema";
import { Button } from "@/components/ui/button";
import { DeliveriesSheet } from "./deliveries-sheet";
import { SecretDialog } from "./secret-dialog";
import { SettingList } from "./setting-list";
import { SettingsSection } from "./settings-section";
import { WebhookDialog } from "./webhook-dialog";
import { WebhookRow } from "./webhook-row";

/** The webhooks: addresses to which the service sends a message when a task or batch ends. */
export function Webhooks() {
  const webhooks = useQuery(webhooksQuery);
  const [edited, setEdited] = useState<Webhook | "new" | null>(null);
  const [watched, setWatched] = useState<number | null>(null);
  const [secret, setSecret] = useState<SecretWebhook | null>(null);
  const watchedNow = webhooks.data?.find(({ id }) => id === watched);
  return (
    <SettingsSection
      id="webhooks"
      description="Addresses that receive a message when a task or batch finishes."
      actions={
        <Button variant="secondary" size="sm" onClick={() => setEdited("new")}>
          <Plus aria-hidden />
          New webhook
        </Button>
      }
    >
      <SettingList
        query={webhooks}
        empty="No webhooks yet. Add the address of a service that should be told when a task has finished."
      >
        {(webhook) => (
          <WebhookRow
            key={webhook.id}
            webhook={webhook}
            onEdit={() => setEdited(webhook)}
            onShowDeliveries={() => setWatched(webhook.id)}
            onSecret={setSecret}
          />
        )}
      </SettingList>
      {edited && (
        <WebhookDialog
          webhook={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSecret={setSecret}
        />
      )}
      {watchedNow && <DeliveriesSheet webhook={watchedNow} onClose={() => setWatched(null)} />}
      {secret && (
        <SecretDialog
          title="The secret of the webhook"
          label="Secret"
          secret={secret.secret}
          detail={secret.detail}
          onClose={() => setSecret(null)}
        >
          <p className="text-muted-foreground text-sm leading-relaxed">
            Check the signature of each message with this secret, as Standard Webhooks describes.
            Anyone who knows the address can send a message, but cannot sign it.
          </p>
        </SecretDialog>
      )}
    </SettingsSection>
  );
}
