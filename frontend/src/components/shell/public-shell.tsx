"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { useUser } from "@/api/account/queries";
import { Logo } from "@/components/shell/logo";
import { SkipLink } from "@/components/shell/skip-link";
import { ThemeMenu } from "@/components/shell/theme-menu";
import { Button } from "@/components/ui/button";
import { API_DOCS, paths } from "@/lib/routes";

/** The frame of the pages that need no sign-in. */
export function PublicShell({ children }: { children: ReactNode }) {
  const { data: user } = useUser({ ifLikely: true });
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <header className="mx-auto flex h-16 w-full max-w-6xl items-center gap-2 px-4 sm:px-6">
        <div className="flex-1">
          <Logo href={paths.landing} />
        </div>
        <Button variant="ghost" asChild className="max-sm:hidden">
          <a href={API_DOCS}>API</a>
        </Button>
        <ThemeMenu />
        {user ? (
          <Button asChild>
            <Link href={paths.gallery}>Open gallery</Link>
          </Button>
        ) : (
          <Button variant="secondary" asChild>
            <Link href={paths.login}>Sign in</Link>
          </Button>
        )}
      </header>
      <main id="content" tabIndex={-1} className="flex flex-1 flex-col outline-none">
        {children}
      </main>
    </div>
  );
}
