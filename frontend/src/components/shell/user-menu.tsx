"use client";

import { BookOpen, Keyboard, LogOut, Settings } from "lucide-react";
import Link from "next/link";
import { ThemeChoices } from "@/components/shell/theme-menu";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { API_DOCS } from "@/lib/api/docs-link";
import { explain } from "@/lib/errors/explain";
import { useSignOut, useUser } from "@/lib/session/use-user";
import { useShortcutRegistry } from "@/lib/shortcuts/registry";
import { toast } from "@/lib/toast";

export function UserMenu() {
  const { data: user } = useUser();
  const signOut = useSignOut();
  const showShortcuts = (event: Event) => {
    // After the menu has given the focus back, so that the sheet's closing gives it back, too.
    setTimeout(() => {
      const help = useShortcutRegistry.getState().shortcuts.find((one) => one.keys === "?");
      help?.run(event as KeyboardEvent);
    });
  };
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon" className="rounded-full">
          {/* No aria-label: it would have to hold the letter that is seen. */}
          <span className="sr-only">Your account</span>
          <span
            aria-hidden
            className="flex size-7 items-center justify-center rounded-full bg-primary-soft font-semibold text-primary-soft-foreground text-xs uppercase"
          >
            {(user?.first_name || user?.username || "").slice(0, 1)}
          </span>
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="w-60">
        <DropdownMenuLabel className="truncate">{user?.email ?? "Signed in"}</DropdownMenuLabel>
        <DropdownMenuItem asChild>
          <Link href="/settings/">
            <Settings aria-hidden /> Settings
          </Link>
        </DropdownMenuItem>
        <DropdownMenuItem asChild>
          <a href={API_DOCS}>
            <BookOpen aria-hidden /> API documentation
          </a>
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={showShortcuts}>
          <Keyboard aria-hidden /> Keyboard shortcuts
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <ThemeChoices />
        <DropdownMenuSeparator />
        <DropdownMenuItem
          onSelect={() =>
            void signOut().catch((error: unknown) =>
              toast.error("You are still signed in", { description: explain(error).detail }),
            )
          }
        >
          <LogOut aria-hidden /> Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
