"use client";

import { CircleAlert } from "lucide-react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { explain } from "@/lib/errors/explain";

interface ErrorStateProps {
  error: unknown;
  onRetry?: () => void;
  busy?: boolean;
  className?: string;
}

/** Shown instead of content that could not be loaded. */
export function ErrorState({ error, onRetry, busy, className }: ErrorStateProps) {
  const { title, detail } = explain(error);
  return (
    <div role="alert">
      <EmptyState
        icon={<CircleAlert aria-hidden />}
        title={title}
        className={className}
        actions={
          onRetry && (
            <Button variant="secondary" onClick={onRetry} busy={busy}>
              Try again
            </Button>
          )
        }
      >
        {detail}
      </EmptyState>
    </div>
  );
}
