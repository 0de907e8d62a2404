import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { PatchedUserRequestWritable } from "@/api/generated";
import { api } from "@/lib/api/client";
import { userQuery, userSchema } from "@/lib/session/use-user";

export function useChangeProfile() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: PatchedUserRequestWritable) =>
      api.patch("/auth/user/", { schema: userSchema, body }),
    onSuccess: (user) => queries.setQueryData(userQuery.queryKey, user),
  });
}
