"use client";

import { BookOpen, Keyboard, LogOut, Settings } from "lucide-react";
import Link from "next/link";
import { useSignOut } from "@/api/account/mutations";
import { useUser } from "@/api/account/queries";
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
import { API_DOCS, paths } from "@/lib/routes";
import { useShortcutRegistry } from "@/lib/shortcuts/registry";

export function UserMenu() {
  const { data: user } = useUser();
  const signOut = useSignOut();
  const showShortcuts = (event: Event) => {
    // Wait until the menu has returned the focus, so that the sheet can return it to the same element.
    setTimeout(() => {
      const help = useShortcutRegistry.getState().shortcuts.find((one) => one.keys === "?");
      help?.run(event as KeyboardEvent);
    });
  };
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon" className="rounded-full">
          {/* No aria-label: it would have to contain the visible letter. */}
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
          <Link href={paths.settings}>
            <Settings aria-hidden /> Settings
          </Link>
        </DropdownMenuItem>
        <DropdownMenuItem asChild>
          <a href={API_DOCS}>
            <BookOpen aria-hidden /> API documentation
          </a>
        </DropdownMenuItem>
        <DropdownMenuItem className="pointer-coarse:hidden" onSelect={showShortcuts}>
          <Keyboard aria-hidden /> Keyboard shortcuts
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <ThemeChoices />
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => signOut.mutate()}>
          <LogOut aria-hidden /> Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
