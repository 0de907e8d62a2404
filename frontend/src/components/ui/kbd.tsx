"use client";

import { useSyncExternalStore } from "react";
import { cn } from "@/lib/cn";

const SIGNS: Record<string, string> = {
  shift: "⇧",
  alt: "Alt",
  Escape: "Esc",
  Delete: "Del",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Enter: "↵",
  " ": "Space",
};

const never = () => () => undefined;

/** A shortcut (`mod+shift+z`, `g t`) with the symbols of the user's keyboard. */
export function Kbd({ keys, inverted = false }: { keys: string; inverted?: boolean }) {
  const isMac = useSyncExternalStore(
    never,
    () => /Mac|iPhone|iPad/.test(navigator.platform),
    () => false,
  );
  const parts = keys.split(" ").flatMap((step) => (step === "" ? [" "] : step.split(/(?<=.)\+/)));
  return (
    <span className="inline-flex gap-1">
      {parts.map((part) => (
        <kbd
          key={part}
          className={cn(
            "inline-flex h-5 min-w-5 items-center justify-center rounded border px-1 font-sans text-[11px]",
            inverted ? "border-background/30" : "bg-muted text-muted-foreground",
          )}
        >
          {part === "mod"
            ? isMac
              ? "⌘"
              : "Ctrl"
            : (SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part))}
        </kbd>
      ))}
    </span>
  );
}
