import { create } from "zustand";
import { claimPrivateState } from "@/lib/session/private-state";

/** Why there is no session: never signed in, left, or it ended by itself. */
export type Ended = "anonymous" | "signed_out" | "expired";

interface SessionState {
  /** null while there is, or may be, a session. */
  ended: Ended | null;
  /** How many sessions began on this page; a change says that one just did. */
  starts: number;
}

const HINT = "signed-in";

export const useSessionStore = create<SessionState>()(() => ({ ended: null, starts: 0 }));

/** The server answered 401 to a request of a signed-in person. */
export function endSession(why: Ended): void {
  setHint(false);
  useSessionStore.setState({ ended: why });
}

export function startSession(): void {
  setHint(true);
  useSessionStore.setState(({ starts }) => ({ ended: null, starts: starts + 1 }));
}

/** The server knows who asks, though this browser may not have noted it: its storage was cleared. */
export function noticeSession(userId: number): void {
  if (useSessionStore.getState().ended !== null) {
    return; // asked before the session ended
  }
  claimPrivateState(userId);
  if (!maybeSignedIn()) {
    startSession();
  }
}

/**
 * Whether this browser signed in before and did not sign out.
 *
 * The session itself is in cookies that no script can read. The hint only spares visitors of public
 * pages a request that would be refused.
 */
export function maybeSignedIn(): boolean {
  try {
    return localStorage.getItem(HINT) === "1";
  } catch {
    return true;
  }
}

function setHint(signedIn: boolean): void {
  try {
    if (signedIn) {
      localStorage.setItem(HINT, "1");
    } else {
      localStorage.removeItem(HINT);
    }
  } catch {
    // No storage: public pages ask the server instead.
  }
}

/** Notice that another tab signed out or in. For an effect: answers how to stop. */
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
