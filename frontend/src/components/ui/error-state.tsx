"use client";

import { CircleAlert } from "lucide-react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { explain } from "@/lib/errors/explain";

interface ErrorStateProps {
  /** The query that failed. */
  query: { error: unknown; isFetching: boolean; refetch: () => unknown };
  className?: string;
}

/** Shown instead of content that could not be loaded, with a button that tries again. */
export function ErrorState({ query, className }: ErrorStateProps) {
  const { title, detail } = explain(query.error);
  return (
    <div role="alert">
      <EmptyState
        icon={<CircleAlert aria-hidden />}
        title={title}
        className={className}
        actions={
          <Button variant="secondary" onClick={() => query.refetch()} busy={query.isFetching}>
            Try again
          </Button>
        }
      >
        {detail}
      </EmptyState>
    </div>
  );
}
