"use client";

import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { useDeleteApiKey } from "@/api/api-keys/mutations";
import { apiKeysQuery } from "@/api/api-keys/queries";
import type { ApiKey, CreatedApiKey } from "@/api/api-keys/schema";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { formatDate, formatDateTime, formatRelative } from "@/lib/format";
import { DeleteButton } from "./delete-button";
import { NewKeyDialog } from "./new-key-dialog";
import { SecretDialog } from "./secret-dialog";
import { SettingList } from "./setting-list";
import { SettingsSection } from "./settings-section";

/** The API keys: credentials for programs. */
export function ApiKeys() {
  const keys = useQuery(apiKeysQuery);
  const [asking, setAsking] = useState(false);
  const [created, setCreated] = useState<CreatedApiKey | null>(null);
  return (
    <SettingsSection
      id="api-keys"
      description="API keys let programs work with your images. Permissions limit what a key can do."
      actions={
        <Button variant="secondary" size="sm" onClick={() => setAsking(true)}>
          <Plus aria-hidden />
          New key
        </Button>
      }
    >
      <SettingList
        query={keys}
        empty="No keys yet. Create one for a script, a build or another service."
      >
        {(key) => <KeyRow key={key.id} apiKey={key} />}
      </SettingList>
      {asking && (
        <NewKeyDialog
          onClose={() => setAsking(false)}
          onCreated={(key) => {
            setAsking(false);
            setCreated(key);
          }}
        />
      )}
      {created && (
        <SecretDialog
          title={`API key “${created.name}” created`}
          label="API key"
          secret={created.key}
          detail={created.detail}
          onClose={() => setCreated(null)}
        >
          <p className="text-muted-foreground text-sm leading-relaxed">
            Programs send it in the header{" "}
            <code className="break-all rounded bg-muted px-1 py-0.5 text-xs">
              Authorization: Api-Key …
            </code>
          </p>
        </SecretDialog>
      )}
    </SettingsSection>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const remove = useDeleteApiKey();
  const { id, name, prefix, scopes, created_at, last_used_at, expires_at } = apiKey;
  const expired = expires_at !== null && Date.parse(expires_at) <= Date.now();
  return (
    <li className="flex gap-3 py-3">
      <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="break-words font-medium text-sm">{name}</span>
          <code className="text-muted-foreground text-xs">{prefix}…</code>
          {expired && <Badge tone="warning">Expired</Badge>}
        </p>
        <p className="mt-1 flex flex-wrap gap-1">
          {scopes.map((scope) => (
            <Badge key={scope}>{scope === "*" ? "everything" : scope}</Badge>
          ))}
        </p>
        <p className="mt-1.5 text-muted-foreground text-xs leading-relaxed">
          Made on {formatDate(created_at)},{" "}
          {last_used_at === null ? "never used" : `last used ${formatRelative(last_used_at)}`},{" "}
          {expires_at === null
            ? "does not expire"
            : `${expired ? "expired" : "expires"} on ${formatDateTime(expires_at)}`}
          .
        </p>
      </div>
      <DeleteButton
        label={`API key ${name}`}
        title={`Delete the key “${name}”?`}
        description="Programs that use this key will no longer have access."
        id={id}
        mutation={remove}
      />
    </li>
  );
}
