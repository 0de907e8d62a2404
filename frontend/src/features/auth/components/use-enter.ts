"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { userQuery } from "@/api/account/queries";
import type { User } from "@/api/account/schema";
import { addressAfterSignIn } from "@/lib/routes";
import { claimPrivateState } from "@/lib/session/private-state";
import { startSession } from "@/lib/session/store";

/** Start the session that the server has made, and go to the page in `?next=`. */
export function useEnter(): (user: User) => void {
  const queries = useQueryClient();
  const router = useRouter();
  return (user) => {
    claimPrivateState(user.id);
    queries.clear();
    queries.setQueryData(userQuery.queryKey, user);
    startSession();
    router.replace(addressAfterSignIn(new URLSearchParams(location.search).get("next")));
  };
}
