"use client";

import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";

function subscribe(changed: () => void): () => void {
  addEventListener("online", changed);
  addEventListener("offline", changed);
  return () => {
    removeEventListener("online", changed);
    removeEventListener("offline", changed);
  };
}

/** Shown while the browser is offline. */
export function OfflineBanner() {
  const online = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
  return (
    <div role="status" className="fixed inset-x-0 bottom-0 z-50 flex justify-center px-4">
      {!online && (
        <p className="mb-4 flex items-center gap-2 rounded-2xl bg-foreground px-4 py-2 text-background text-sm shadow-floating">
          <WifiOff aria-hidden className="size-4 shrink-0" />
          You are offline. Uploads continue when you are online again.
        </p>
      )}
    </div>
  );
}
