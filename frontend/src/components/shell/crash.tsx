"use client";

import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useEffect } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { reportError } from "@/lib/errors/report";

interface CrashProps {
  error: Error;
  /** Draw the page anew. */
  reset: () => void;
}

/** What people see in place of a page that failed, with two ways back. The operators are told. */
export function Crash({ error, reset }: CrashProps) {
  useEffect(() => {
    void reportError(error, "page");
  }, [error]);
  return (
    <div role="alert" className="flex flex-1 items-center justify-center">
      <EmptyState
        icon={<TriangleAlert aria-hidden />}
        title="This page has failed"
        level={1}
        actions={
          <>
            <Button onClick={reset}>Try again</Button>
            <Button variant="secondary" asChild>
              <Link href="/gallery/">Back to the gallery</Link>
            </Button>
          </>
        }
      >
        It is our fault, and it has been reported. Your images and tasks are safe on the server.
      </EmptyState>
    </div>
  );
}
