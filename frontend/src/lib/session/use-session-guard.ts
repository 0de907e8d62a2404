"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { loginAddress, paths } from "@/lib/routes";
import { followPrivateState } from "@/lib/session/private-state";
import { followHint, useSessionStore } from "@/lib/session/store";

/**
 * Go to the sign-in page when the session has ended. The sign-in page leads back.
 *
 * The page is not reloaded, so its state in memory survives. The server redirects visitors without a
 * session before it sends a page; the guard also works on another origin.
 */
export function useSessionGuard(): void {
  const router = useRouter();
  const ended = useSessionStore((state) => state.ended);
  useEffect(followHint, []);
  useEffect(followPrivateState, []);
  useEffect(() => {
    if (ended === "signed_out") {
      router.replace(paths.landing);
    } else if (ended !== null) {
      router.replace(loginAddress(`${location.pathname}${location.search}`));
    }
  }, [ended, router]);
}
