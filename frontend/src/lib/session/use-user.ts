"use client";

import { type QueryClient, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api } from "@/lib/api/client";
import { dropPrivateState } from "@/lib/session/private-state";
import { endSession, maybeSignedIn, noticeSession } from "@/lib/session/store";
import { z } from "@/lib/zod";

export const userSchema = z.object({
  id: z.number(),
  username: z.string(),
  email: z.string(),
  first_name: z.string().default(""),
  last_name: z.string().default(""),
  date_joined: z.string(),
});

export type User = z.infer<typeof userSchema>;

export const userQuery = queryOptions({
  queryKey: ["user"],
  queryFn: async ({ signal }) => {
    const user = await api.get("/auth/user/", { schema: userSchema, signal });
    noticeSession(user.id);
    return user;
  },
  staleTime: 60_000,
});

/** Who is signed in. On public pages ask with `ifLikely`: strangers cause no request then. */
export function useUser({ ifLikely = false } = {}) {
  return useQuery({ ...userQuery, enabled: () => !ifLikely || maybeSignedIn() });
}

/** End the session on purpose, here and on the server. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(async () => {
    await api.raw("POST", "/auth/logout/", { body: {}, anonymous: true });
    leaveSession(queries);
  }, [queries]);
}

/** The server ended the session because the person asked for it: forget all that was theirs. */
export function leaveSession(queries: QueryClient): void {
  dropPrivateState();
  endSession("signed_out");
  queries.clear();
}
