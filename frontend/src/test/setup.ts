import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import { dropPrivateState } from "@/lib/session/private-state";
import { useSessionStore } from "@/lib/session/store";

// What jsdom lacks and components ask for; nothing has a size there.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

afterEach(() => {
  cleanup();
  dropPrivateState();
  useSessionStore.setState({ ended: null, starts: 0 });
  localStorage.clear();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
