"use client";

import { useEffect, useRef } from "react";
import { create } from "zustand";

export interface Shortcut {
  /** `?`, `Delete`, `mod+z`, `mod+shift+z`, or two keys in sequence: `g t`. */
  keys: string;
  label: string;
  /** The heading in the list of shortcuts. */
  group: string;
  run: (event: KeyboardEvent) => void;
  /** Also works while a text field or dialog has the focus. */
  inFields?: boolean;
  /** Whether the shortcut is active. If not, the key keeps its usual function. */
  when?: () => boolean;
}

interface Registry {
  shortcuts: readonly Shortcut[];
}

/** The shortcuts that are bound now. */
export const useShortcutRegistry = create<Registry>()(() => ({ shortcuts: [] }));

/**
 * Bind shortcuts while the component is mounted. The list behind `?` shows them.
 *
 * `keys`, `label` and `group` identify a shortcut. A changed `run` is used without binding again.
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
