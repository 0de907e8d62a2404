"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { followPrivateState } from "@/lib/session/private-state";
import { signInAt } from "@/lib/session/return-to";
import { followHint, useSessionStore } from "@/lib/session/store";

/**
 * Take whoever has no session any more to the sign-in page, and from there back to where they were.
 *
 * The page changes without being loaded anew: what it holds in memory is still there afterwards. The
 * server redirects strangers before the page is loaded; this does it on another origin, too.
 */
export function useSessionGuard(): void {
  const router = useRouter();
  const ended = useSessionStore((state) => state.ended);
  useEffect(followHint, []);
  useEffect(followPrivateState, []);
  useEffect(() => {
    if (ended === "signed_out") {
      router.replace("/");
    } else if (ended !== null) {
      router.replace(signInAt(`${location.pathname}${location.search}`));
    }
  }, [ended, router]);
}
