"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { ThemeProvider } from "next-themes";
import { type ReactNode, useState } from "react";
import { loadPart } from "@/components/lazy-part";
import { MissingPartsNotice } from "@/components/missing-parts";
import { DropGuard } from "@/components/shell/drop-guard";
import { OfflineBanner } from "@/components/shell/offline-banner";
import { ShortcutSheet } from "@/components/shell/shortcut-sheet";
import { TooltipProvider } from "@/components/ui/tooltip";
import { makeQueryClient } from "@/lib/query-client";
import { useShortcutListener } from "@/lib/shortcuts/listen";
import { useToasts } from "@/lib/toast";

const Toaster = dynamic(
  () => loadPart(() => import("@/components/ui/toaster").then((all) => all.Toaster)),
  {
    ssr: false,
  },
);

/** The toaster. It is loaded with the first toast and stays. */
function Toasts() {
  const some = useToasts((state) => state.toasts.length > 0);
  const [loaded, setLoaded] = useState(false);
  if (some && !loaded) {
    setLoaded(true);
  }
  return loaded && <Toaster />;
}

/** The providers and global elements around every page. */
export function Providers({ children }: { children: ReactNode }) {
  const [queries] = useState(makeQueryClient);
  useShortcutListener();
  return (
    <ThemeProvider attribute="class" defaultTheme="system">
      <QueryClientProvider client={queries}>
        <TooltipProvider delayDuration={400}>
          <OfflineBanner />
          <MissingPartsNotice />
          <DropGuard />
          {children}
          <ShortcutSheet />
          <Toasts />
        </TooltipProvider>
      </QueryClientProvider>
    </ThemeProvider>
  );
}
