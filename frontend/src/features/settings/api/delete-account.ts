import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api } from "@/lib/api/client";
import { leaveSession } from "@/lib/session/use-user";

/** Remove the account with everything in it; the session is over then, and the page is left. */
export function useDeleteAccount(): (password: string) => Promise<void> {
  const queries = useQueryClient();
  return useCallback(
    async (password) => {
      await api.delete("/auth/user/", { body: { password } });
      leaveSession(queries);
    },
    [queries],
  );
}
