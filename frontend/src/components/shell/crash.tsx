"use client";

import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { isLoadError } from "@/lib/errors/report";
import { useReport } from "@/lib/errors/use-report";
import { paths } from "@/lib/routes";

interface CrashProps {
  error: Error;
  /** Render the page again. */
  reset: () => void;
}

/** Shown instead of a page that crashed, with two ways to go on. Reports the error, and says so if it is true. */
export function Crash({ error, reset }: CrashProps) {
  const report = useReport(error, "page");
  const missing = isLoadError(error);
  return (
    <div role="alert" className="flex flex-1 items-center justify-center">
      <EmptyState
        icon={<TriangleAlert aria-hidden />}
        title={missing ? "This page could not be loaded" : "Something went wrong on this page"}
        level={1}
        actions={
          <>
            {missing ? (
              <Button onClick={() => location.reload()}>Reload</Button>
            ) : (
              <Button onClick={reset}>Try again</Button>
            )}
            <Button variant="secondary" asChild>
              <Link href={paths.gallery}>Back to the gallery</Link>
            </Button>
          </>
        }
      >
        {report} Your images and tasks are safe on the server.
      </EmptyState>
    </div>
  );
}
