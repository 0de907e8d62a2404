import { queryOptions, useQuery } from "@tanstack/react-query";
import { userSchema } from "@/api/account/schema";
import { api } from "@/lib/api/client";
import { maybeSignedIn, noticeSession } from "@/lib/session/store";

export const userQuery = queryOptions({
  queryKey: ["user"],
  queryFn: async ({ signal }) => {
    const user = await api.get("/auth/user/", { schema: userSchema, signal });
    noticeSession(user.id);
    return user;
  },
  staleTime: 60_000,
});

/**
 * The signed-in user.
 *
 * @param ifLikely for public pages: send no request for visitors who never signed in
 */
export function useUser({ ifLikely = false } = {}) {
  return useQuery({ ...userQuery, enabled: () => !ifLikely || maybeSignedIn() });
}
