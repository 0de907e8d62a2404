"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { loadPart } from "@/components/lazy-part";
import { useShortcuts } from "@/lib/shortcuts/registry";

const ShortcutDialog = dynamic(
  () =>
    loadPart(() => import("@/components/shell/shortcut-dialog").then((all) => all.ShortcutDialog)),
  { ssr: false },
);

/** Binds `?` to the list of shortcuts. */
export function ShortcutSheet() {
  const [open, setOpen] = useState(false);
  useShortcuts([
    { keys: "?", label: "Show these shortcuts", group: "Everywhere", run: () => setOpen(true) },
  ]);
  return open && <ShortcutDialog onClose={() => setOpen(false)} />;
}
