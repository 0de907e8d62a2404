"use client";

import { useChangeWebhook, useSendTest } from "@/api/webhooks/mutations";
import type { SecretWebhook, Webhook } from "@/api/webhooks/schema";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Note } from "@/components/ui/note";
import { Switch } from "@/components/ui/switch";
import { toastError } from "@/lib/errors/toast-error";
import { formatRelative } from "@/lib/format";
import { WebhookMenu } from "./webhook-menu";

interface WebhookRowProps {
  webhook: Webhook;
  onEdit: () => void;
  onShowDeliveries: () => void;
  onSecret: (webhook: SecretWebhook) => void;
}

export function WebhookRow({ webhook, onEdit, onShowDeliveries, onSecret }: WebhookRowProps) {
  const change = useChangeWebhook(webhook.id);
  const test = useSendTest(webhook.id);
  const { url, description, events, enabled } = webhook;
  return (
    <li className="flex flex-col gap-2 py-3">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="break-all font-medium text-sm">{url}</p>
          {description && <p className="mt-0.5 break-words text-sm">{description}</p>}
          <p className="mt-1.5 flex flex-wrap gap-1">
            {events.map((event) => (
              <Badge key={event}>{event}</Badge>
            ))}
          </p>
        </div>
        <Switch
          aria-label={`${url}: enabled`}
          checked={change.isPending ? change.variables.enabled : enabled}
          disabled={change.isPending}
          onCheckedChange={(on) =>
            change.mutate({ enabled: on }, { onError: (error) => toastError(error) })
          }
        />
      </div>
      <State webhook={webhook} />
      <div className="flex flex-wrap items-center gap-2">
        <Button variant="secondary" size="sm" onClick={onShowDeliveries}>
          Deliveries<span className="sr-only"> to {url}</span>
        </Button>
        <Button
          variant="secondary"
          size="sm"
          busy={test.isPending}
          disabled={!enabled}
          onClick={() =>
            test.mutate(undefined, {
              onSuccess: onShowDeliveries,
              onError: (error) => toastError(error),
            })
          }
        >
          Send test<span className="sr-only"> to {url}</span>
        </Button>
        <WebhookMenu webhook={webhook} onEdit={onEdit} onSecret={onSecret} />
      </div>
    </li>
  );
}

const REASONS: Record<string, string> = {
  gone: "Disabled by the service: the address answered 410 (gone for good).",
  failing: "Disabled by the service: the address has accepted no message for days.",
};

function State({ webhook }: { webhook: Webhook }) {
  const { enabled, disabled_reason: reason, failing_since: since } = webhook;
  if (!enabled) {
    return reason === null ? (
      <p className="text-muted-foreground text-xs">Disabled: nothing is sent.</p>
    ) : (
      <Note tone="danger">
        {REASONS[reason] ?? `Disabled by the service (${reason}).`} Enable it when it works again.
      </Note>
    );
  }
  return since === null ? null : (
    <Note tone="warning">
      No message accepted since {formatRelative(since)}. Its deliveries say what went wrong.
    </Note>
  );
}
