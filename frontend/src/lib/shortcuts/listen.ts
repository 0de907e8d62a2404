"use client";

import { useEffect } from "react";
import { type Shortcut, useShortcutRegistry } from "@/lib/shortcuts/registry";

/** How long to wait for the second key of `g t`, ms. */
const SEQUENCE_TIMEOUT = 1000;

/** The name of the pressed keys: `mod+shift+z`, `?`, `Delete`. */
export function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const mod = event.ctrlKey || event.metaKey;
  // Shift is part of the name for letters. For `?` it is only needed to type it.
  const shift = event.shiftKey && (key.length > 1 || /[a-z]/.test(key));
  return [mod && "mod", event.altKey && "alt", shift && "shift", key].filter(Boolean).join("+");
}

/** Run the shortcuts of the whole page. The newest binding wins. */
export function useShortcutListener(): void {
  useEffect(() => {
    let before = "";
    let at = 0;
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing || event.repeat) {
        return;
      }
      const name = nameOf(event);
      const sequence = performance.now() - at < SEQUENCE_TIMEOUT ? `${before} ${name}` : name;
      const all = useShortcutRegistry.getState().shortcuts.filter((one) => mayRun(one, event));
      const found =
        all.findLast((one) => one.keys === sequence) ?? all.findLast((one) => one.keys === name);
      before = name;
      at = performance.now();
      if (found) {
        event.preventDefault();
        before = "";
        found.run(event);
      }
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

function mayRun(shortcut: Shortcut, event: KeyboardEvent): boolean {
  if (shortcut.when?.() === false) {
    return false;
  }
  const target = event.target;
  if (!(target instanceof HTMLElement)) {
    return true;
  }
  // Keys pressed in an open dialog belong to the dialog.
  if (target.closest("[role=dialog], [role=alertdialog], [role=menu]")) {
    return shortcut.inFields === true;
  }
  return !isTextField(target) || shortcut.inFields === true;
}

function isTextField(element: HTMLElement): boolean {
  if (element instanceof HTMLInputElement) {
    return !["checkbox", "radio", "range", "button", "submit", "color", "file"].includes(
      element.type,
    );
  }
  return (
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLSelectElement ||
    element.isContentEditable
  );
}
