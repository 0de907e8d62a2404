"use client";

import { useEffect, useRef } from "react";
import { create } from "zustand";

export interface Shortcut {
  /** `?`, `Delete`, `mod+z`, `mod+shift+z`, or two keys after each other: `g t`. */
  keys: string;
  label: string;
  /** Heading in the sheet. */
  group: string;
  run: (event: KeyboardEvent) => void;
  /** Works while a text field or a dialog has the focus, too. */
  inFields?: boolean;
  /** Whether it does anything just now; otherwise the key keeps its usual meaning. */
  when?: () => boolean;
}

interface Registry {
  shortcuts: readonly Shortcut[];
}

/** What is bound at this moment: the sheet shows this, and this is what keys do. */
export const useShortcutRegistry = create<Registry>()(() => ({ shortcuts: [] }));

/**
 * Bind keys while the component is there. They appear in the sheet of `?`.
 *
 * Changed `run` functions are taken without binding anew; `keys`, `label` and `group` identify one.
 */
export function useShortcuts(shortcuts: readonly Shortcut[], enabled = true): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  const identity = JSON.stringify(
    shortcuts.map(({ keys, label, group, inFields }) => ({ keys, label, group, inFields })),
  );
  useEffect(() => {
    if (!enabled) {
      return;
    }
    const described: Omit<Shortcut, "run" | "when">[] = JSON.parse(identity);
    const bound: Shortcut[] = described.map((one, index) => ({
      ...one,
      run: (event: KeyboardEvent) => latest.current[index]?.run(event),
      when: () => latest.current[index]?.when?.() ?? true,
    }));
    useShortcutRegistry.setState(({ shortcuts: all }) => ({ shortcuts: [...all, ...bound] }));
    return () =>
      useShortcutRegistry.setState(({ shortcuts: all }) => ({
        shortcuts: all.filter((one) => !bound.includes(one)),
      }));
  }, [identity, enabled]);
}
