import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import { dropPrivateState } from "@/lib/session/private-state";
import { useSessionStore } from "@/lib/session/store";
import { useToasts } from "@/lib/toast";

// How long `find...` and `waitFor` wait, ms. Tests must not fail on a busy machine.
configure({ asyncUtilTimeout: 10_000 });

// jsdom has no ResizeObserver. Elements have no size there.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

// jsdom has no matchMedia either. No media query matches there.
globalThis.matchMedia ??= (media) =>
  Object.assign(new EventTarget(), { media, matches: false }) as MediaQueryList;

// Nothing scrolls in jsdom.
Element.prototype.scrollIntoView ??= () => undefined;

afterEach(() => {
  cleanup();
  document.body.replaceChildren(); // what a test added itself
  dropPrivateState();
  useToasts.setState({ toasts: [] });
  useSessionStore.setState({ ended: null, starts: 0 });
  localStorage.clear();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
