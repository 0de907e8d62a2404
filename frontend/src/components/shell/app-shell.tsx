"use client";

import { ChartColumn, Images, ListChecks } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { Logo } from "@/components/shell/logo";
import { SkipLink } from "@/components/shell/skip-link";
import { UserMenu } from "@/components/shell/user-menu";
import { cn } from "@/lib/cn";
import { paths } from "@/lib/routes";
import { useSessionGuard } from "@/lib/session/use-session-guard";
import { useShortcuts } from "@/lib/shortcuts/registry";

const PAGES = [
  { href: paths.gallery, label: "Gallery", icon: Images, keys: "g g", children: [paths.image] },
  {
    href: paths.tasks,
    label: "Tasks",
    icon: ListChecks,
    keys: "g t",
    children: [paths.batches, paths.result],
  },
  { href: paths.dashboard, label: "Dashboard", icon: ChartColumn, keys: "g d", children: [] },
];

/** The frame of every page that needs a session: header, navigation and session guard. */
export function AppShell({ children }: { children: ReactNode }) {
  const path = usePathname();
  const router = useRouter();
  useSessionGuard();
  useShortcuts([
    ...PAGES.map(({ href, label, keys }) => ({
      keys,
      label: `Go to ${label.toLowerCase()}`,
      group: "Everywhere",
      run: () => router.push(href),
    })),
    {
      keys: "g s",
      label: "Go to settings",
      group: "Everywhere",
      run: () => router.push(paths.settings),
    },
  ]);
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <header className="sticky top-0 z-40 border-b bg-background/85 backdrop-blur-md">
        <div className="flex h-14 items-center gap-2 px-4 sm:gap-6 sm:px-6">
          <Logo href={paths.gallery} compact />
          <nav
            aria-label="Pages"
            className="flex min-w-0 flex-1 items-center gap-0.5 overflow-x-auto"
          >
            {PAGES.map(({ href, label, icon: Icon, children: parts }) => {
              const current = path === href || parts.some((part) => part === path);
              return (
                <Link
                  key={href}
                  href={href}
                  aria-current={path === href ? "page" : undefined}
                  className={cn(
                    "flex h-9 items-center gap-2 rounded-lg px-2 font-medium text-sm transition-colors sm:px-3 pointer-coarse:h-10",
                    current
                      ? "bg-muted text-foreground"
                      : "text-muted-foreground hover:text-foreground",
                  )}
                >
                  <Icon aria-hidden className="size-4 max-sm:hidden" />
                  {label}
                </Link>
              );
            })}
          </nav>
          {/* Features render controls that every page shows into this slot, such as the uploads. */}
          <div id="header-slot" className="contents" />
          <UserMenu />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
        {children}
      </main>
    </div>
  );
}
