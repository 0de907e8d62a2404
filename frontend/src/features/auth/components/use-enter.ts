"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useCallback } from "react";
import { claimPrivateState } from "@/lib/session/private-state";
import { returnTo } from "@/lib/session/return-to";
import { startSession } from "@/lib/session/store";
import { type User, userQuery } from "@/lib/session/use-user";

/** After the server has made a session: go to the page that was wanted, or on with what was. */
export function useEnter(): (user: User) => void {
  const queries = useQueryClient();
  const router = useRouter();
  return useCallback(
    (user) => {
      claimPrivateState(user.id);
      queries.clear();
      queries.setQueryData(userQuery.queryKey, user);
      startSession();
      router.replace(returnTo(new URLSearchParams(location.search).get("next")));
    },
    [queries, router],
  );
}
