"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { ThemeProvider } from "next-themes";
import { type ReactNode, useState } from "react";
import { OfflineBanner } from "@/components/shell/offline-banner";
import { ShortcutSheet } from "@/components/shell/shortcut-sheet";
import { Toaster } from "@/components/ui/toaster";
import { TooltipProvider } from "@/components/ui/tooltip";
import { makeQueryClient } from "@/lib/query-client";
import { useShortcutListener } from "@/lib/shortcuts/listen";

/** What every page stands in. */
export function Providers({ children }: { children: ReactNode }) {
  const [queries] = useState(makeQueryClient);
  useShortcutListener();
  return (
    <ThemeProvider attribute="class" defaultTheme="system">
      <QueryClientProvider client={queries}>
        <TooltipProvider delayDuration={400}>
          <OfflineBanner />
          {children}
          <ShortcutSheet />
          <Toaster />
        </TooltipProvider>
      </QueryClientProvider>
    </ThemeProvider>
  );
}
