import { create } from "zustand";
import { readItem, writeItem } from "@/lib/session/browser-storage";
import { claimPrivateState } from "@/lib/session/private-state";

/** Why there is no session: never signed in, signed out, or expired. */
type Ended = "anonymous" | "signed_out" | "expired";

interface SessionState {
  /** null while there may be a session. */
  ended: Ended | null;
  /** The number of sessions that began on this page. A change tells that one has begun. */
  starts: number;
}

const HINT = "signed-in";

export const useSessionStore = create<SessionState>()(() => ({ ended: null, starts: 0 }));

/** The session has ended: the server answered 401, or the user signed out. */
export function endSession(why: Ended): void {
  writeItem(HINT, null);
  useSessionStore.setState({ ended: why });
}

export function startSession(): void {
  writeItem(HINT, "1");
  useSessionStore.setState(({ starts }) => ({ ended: null, starts: starts + 1 }));
}

/** The server has confirmed the session. The browser's storage may have been cleared meanwhile. */
export function noticeSession(userId: number): void {
  if (useSessionStore.getState().ended !== null) {
    return; // the request was sent before the session ended
  }
  claimPrivateState(userId);
  if (!maybeSignedIn()) {
    startSession();
  }
}

/**
 * Whether this browser signed in before and did not sign out.
 *
 * The session itself is in cookies that scripts cannot read. This hint only avoids requests of
 * visitors that the server would refuse.
 */
export function maybeSignedIn(): boolean {
  return readItem(HINT, "1") === "1"; // without storage, public pages always ask the server
}

/** Follow sign-ins and sign-outs of other tabs. @returns a cleanup function, for an effect */
export function followHint(): () => void {
  function onStorage(event: StorageEvent) {
    if (event.key === HINT) {
      if (event.newValue === null) {
        useSessionStore.setState({ ended: "anonymous" });
      } else {
        useSessionStore.setState(({ starts }) => ({ ended: null, starts: starts + 1 }));
      }
    }
  }
  addEventListener("storage", onStorage);
  return () => removeEventListener("storage", onStorage);
}
