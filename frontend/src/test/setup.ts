import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import { dropPrivateState } from "@/lib/session/private-state";
import { useSessionStore } from "@/lib/session/store";

// How long `find...` and `waitFor` wait at most, ms: a busy machine makes no test fail.
configure({ asyncUtilTimeout: 10_000 });

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
