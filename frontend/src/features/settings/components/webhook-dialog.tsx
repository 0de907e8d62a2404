"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { Controller, useForm } from "react-hook-form";
import { useChangeWebhook, useCreateWebhook } from "@/api/webhooks/mutations";
import { EVENTS, type SecretWebhook, type Webhook, type WebhookEvent } from "@/api/webhooks/schema";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field, FormError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { showProblem } from "@/lib/forms/show-problem";
import { toast } from "@/lib/toast";
import { z } from "@/lib/zod";
import { CheckGroup } from "./check-group";

const DESCRIPTIONS: Record<WebhookEvent, { label: string; description: string }> = {
  "task.succeeded": { label: "A task is done", description: "Its result can be fetched." },
  "task.failed": { label: "A task failed", description: "After its last attempt; it says why." },
  "batch.finished": { label: "A batch has ended", description: "All of its tasks have." },
};

const schema = z.object({
  url: z
    .url({ protocol: /^https?$/, error: "Enter an address that begins with https:// or http://." })
    .max(2048, "At most 2048 characters."),
  events: z.array(z.enum(EVENTS)).min(1, "Choose what it is told of."),
  description: z.string().trim().max(200, "At most 200 characters."),
});

type Values = z.infer<typeof schema>;

interface WebhookDialogProps {
  /** null: create a webhook. */
  webhook: Webhook | null;
  onClose: () => void;
  onSecret: (webhook: SecretWebhook) => void;
}

export function WebhookDialog({ webhook, onClose, onSecret }: WebhookDialogProps) {
  const create = useCreateWebhook();
  const change = useChangeWebhook(webhook?.id ?? 0);
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: {
      url: webhook?.url ?? "",
      events: EVENTS.filter((event) => webhook === null || webhook.events.includes(event)),
      description: webhook?.description ?? "",
    },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (values) => {
    try {
      if (webhook === null) {
        onSecret(await create.mutateAsync(values));
      } else {
        await change.mutateAsync(values);
        toast.success("The webhook is saved");
      }
      onClose();
    } catch (error) {
      showProblem(error, form.setError, ["url", "events", "description"]);
    }
  });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={webhook === null ? "New webhook" : "Edit webhook"}
        description={
          webhook === null ? "Its secret is shown once, when it is made." : "Its secret stays."
        }
        footer={
          <>
            <DialogClose asChild>
              <Button variant="secondary">Cancel</Button>
            </DialogClose>
            <Button type="submit" form="webhook" busy={isSubmitting}>
              {webhook === null ? "Make webhook" : "Save"}
            </Button>
          </>
        }
      >
        <form id="webhook" onSubmit={submit} noValidate className="flex flex-col gap-5 pt-1">
          <Field
            label="Address"
            hint="On the public internet. It is sent a POST for each event."
            error={errors.url?.message}
          >
            <Input
              type="url"
              autoComplete="off"
              placeholder="https://example.com/hooks/images"
              {...form.register("url")}
            />
          </Field>
          <Controller
            control={form.control}
            name="events"
            render={({ field }) => (
              <CheckGroup
                label="Send a message when"
                value={field.value}
                onChange={field.onChange}
                error={errors.events?.message}
                options={EVENTS.map((event) => ({ value: event, ...DESCRIPTIONS[event] }))}
              />
            )}
          />
          <Field label="Description" aside="optional" error={errors.description?.message}>
            <Input autoComplete="off" {...form.register("description")} />
          </Field>
          <FormError>{errors.root?.server?.message}</FormError>
        </form>
      </DialogContent>
    </Dialog>
  );
}
