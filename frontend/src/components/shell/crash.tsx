"use client";

import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useEffect } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { reportError } from "@/lib/errors/report";
import { paths } from "@/lib/routes";

interface CrashProps {
  error: Error;
  /** Render the page again. */
  reset: () => void;
}

/** Shown instead of a page that crashed, with two ways to go on. Reports the error to the server. */
export function Crash({ error, reset }: CrashProps) {
  useEffect(() => {
    void reportError(error, "page");
  }, [error]);
  return (
    <div role="alert" className="flex flex-1 items-center justify-center">
      <EmptyState
        icon={<TriangleAlert aria-hidden />}
        title="Something went wrong on this page"
        level={1}
        actions={
          <>
            <Button onClick={reset}>Try again</Button>
            <Button variant="secondary" asChild>
              <Link href={paths.gallery}>Back to the gallery</Link>
            </Button>
          </>
        }
      >
        The error has been reported. Your images and tasks are safe on the server.
      </EmptyState>
    </div>
  );
}
