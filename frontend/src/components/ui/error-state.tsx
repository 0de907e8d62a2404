"use client";

import { CircleAlert } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ApiProblem } from "@/lib/api/problem";
import { explain } from "@/lib/errors/explain";
import { paths } from "@/lib/routes";

interface ErrorStateProps {
  /** The query that failed. */
  query: { error: unknown; isFetching: boolean; refetch: () => unknown };
  className?: string;
}

/** Shown instead of content that could not be loaded, with a button that tries again if that can help. */
export function ErrorState({ query, className }: ErrorStateProps) {
  const { title, detail } = explain(query.error);
  const missing = query.error instanceof ApiProblem && query.error.status === 404;
  return (
    <div role="alert">
      <EmptyState
        icon={<CircleAlert aria-hidden />}
        title={title}
        className={className}
        actions={
          missing ? (
            <Button asChild>
              <Link href={paths.gallery}>Go to the gallery</Link>
            </Button>
          ) : (
            <Button variant="secondary" onClick={() => query.refetch()} busy={query.isFetching}>
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
