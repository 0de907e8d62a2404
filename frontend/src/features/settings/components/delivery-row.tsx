"use client";

import { RotateCcw } from "lucide-react";
import { isFinished } from "@/api/tasks/schema";
import { useRedeliver } from "@/api/webhooks/mutations";
import type { Attempt, Delivery } from "@/api/webhooks/schema";
import { StatusBadge } from "@/components/tasks/status-badge";
import { Button } from "@/components/ui/button";
import { toastError } from "@/lib/errors/toast-error";
import { formatDateTime, formatNumber, formatRelative } from "@/lib/format";

interface DeliveryRowProps {
  delivery: Delivery;
  /** Whether the webhook is enabled. Nothing is sent to a disabled one. */
  enabled: boolean;
}

export function DeliveryRow({ delivery, enabled }: DeliveryRowProps) {
  const redeliver = useRedeliver(delivery.webhook);
  const { id, event, status, attempts, created_at, next_attempt_at: next } = delivery;
  const again = () => redeliver.mutate(id, { onError: (error) => toastError(error) });
  return (
    <li className="flex flex-col gap-2 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StatusBadge status={status} />
        <span className="font-medium text-sm">{event}</span>
        <time
          dateTime={created_at}
          title={formatDateTime(created_at)}
          className="text-muted-foreground text-xs"
        >
          {formatRelative(created_at)}
        </time>
        {isFinished(status) && enabled && (
          <Button
            variant="secondary"
            size="sm"
            className="ml-auto"
            busy={redeliver.isPending}
            onClick={again}
          >
            <RotateCcw aria-hidden />
            Redeliver
            <span className="sr-only">
              {" "}
              {event} of {formatDateTime(created_at)}
            </span>
          </Button>
        )}
      </div>
      {attempts.length > 0 && (
        <ol aria-label="Attempts" className="flex flex-col gap-1.5 border-l-2 pl-3">
          {attempts.map((attempt) => (
            <AttemptRow key={attempt.at} attempt={attempt} />
          ))}
        </ol>
      )}
      {next !== null && status === "PENDING" && (
        <p className="text-muted-foreground text-xs">
          {Date.parse(next) <= Date.now()
            ? "It will be sent as soon as possible."
            : `Next attempt ${formatRelative(next)}.`}
        </p>
      )}
    </li>
  );
}

function AttemptRow({ attempt }: { attempt: Attempt }) {
  const { at, milliseconds, status, body, error_code, error_message } = attempt;
  return (
    <li className="text-xs leading-relaxed">
      <span
        className={
          error_code === null ? "text-success-soft-foreground" : "text-danger-soft-foreground"
        }
      >
        {status === null ? "No answer" : `Answered ${status}`}
      </span>
      <span className="text-muted-foreground">
        {" "}
        after {formatNumber(milliseconds)} ms, {formatDateTime(at)}
      </span>
      {error_message && <p className="break-words">{error_message}</p>}
      {error_code !== null && body && (
        <details>
          <summary className="w-fit cursor-pointer rounded text-muted-foreground">
            Show the answer
          </summary>
          <pre className="mt-1 max-h-40 overflow-auto whitespace-pre-wrap break-all rounded-lg bg-muted p-2">
            {body}
          </pre>
        </details>
      )}
    </li>
  );
}
