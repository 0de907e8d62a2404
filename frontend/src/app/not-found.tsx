import { SearchX } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { PublicShell } from "@/components/shell/public-shell";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { paths } from "@/lib/routes";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <PublicShell>
      <EmptyState
        icon={<SearchX aria-hidden />}
        title="Page not found"
        level={1}
        className="flex-1"
        actions={
          <>
            <Button asChild>
              <Link href={paths.gallery}>Open the gallery</Link>
            </Button>
            <Button variant="secondary" asChild>
              <Link href={paths.landing}>Start page</Link>
            </Button>
          </>
        }
      >
        The address may be mistyped, or the page has moved.
      </EmptyState>
    </PublicShell>
  );
}
