"use client";

import { useController } from "react-hook-form";
import { useChangeWebhook, useCreateWebhook } from "@/api/webhooks/mutations";
import { EVENTS, type SecretWebhook, type Webhook, type WebhookEvent } from "@/api/webhooks/schema";
import { Field } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { Input } from "@/components/ui/input";
import { webAddress } from "@/lib/forms/fields";
import { useForm } from "@/lib/forms/use-form";
import { toast } from "@/lib/toast";
import { z } from "@/lib/zod";
import { CheckGroup } from "./check-group";

const DESCRIPTIONS: Record<WebhookEvent, { label: string; description: string }> = {
  "task.succeeded": { label: "A task is done", description: "Its result is available." },
  "task.failed": { label: "A task failed", description: "The message contains the error code." },
  "batch.finished": {
    label: "A batch has finished",
    description: "All of its tasks have finished.",
  },
};

const schema = z.object({
  url: webAddress.max(2048, "At most 2048 characters."),
  events: z.array(z.enum(EVENTS)).min(1, "Choose at least one event."),
  description: z.string().trim().max(200, "At most 200 characters."),
});

interface WebhookDialogProps {
  /** null: create a webhook. */
  webhook: Webhook | null;
  onClose: () => void;
  onSecret: (webhook: SecretWebhook) => void;
}

export function WebhookDialog({ webhook, onClose, onSecret }: WebhookDialogProps) {
  const { mutateAsync: createWebhook } = useCreateWebhook();
  const { mutateAsync: changeWebhook } = useChangeWebhook(webhook?.id ?? 0);
  const before = {
    url: webhook?.url ?? "",
    events: EVENTS.filter((event) => webhook === null || webhook.events.includes(event)),
    description: webhook?.description ?? "",
  };
  const form = useForm(schema, before, async (values) => {
    if (webhook === null) {
      onSecret(await createWebhook(values));
    } else {
      await changeWebhook(values);
      toast.success("Webhook saved");
    }
    onClose();
  });
  const { field: events } = useController({ control: form.control, name: "events" });
  return (
    <FormDialog
      form={form}
      title={webhook === null ? "New webhook" : "Edit webhook"}
      description={
        webhook === null
          ? "Its secret is shown only once, when it is created."
          : "Its secret stays the same."
      }
      submit={webhook === null ? "Create webhook" : "Save"}
      onClose={onClose}
    >
      <Field
        label="Address"
        hint="On the public internet. It receives a POST request for each event."
        {...form.field("url")}
      >
        <Input type="url" autoComplete="off" placeholder="https://example.com/hooks/images" />
      </Field>
      <CheckGroup
        label="Send a message when"
        value={events.value}
        onChange={events.onChange}
        error={form.formState.errors.events?.message}
        options={EVENTS.map((event) => ({ value: event, ...DESCRIPTIONS[event] }))}
      />
      <Field label="Description" aside="optional" {...form.field("description")}>
        <Input autoComplete="off" />
      </Field>
    </FormDialog>
  );
}
