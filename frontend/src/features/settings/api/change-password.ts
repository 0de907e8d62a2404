import { detailSchema } from "@/api/account/detail";
import { api } from "@/lib/api/client";

/** Ends every other session of this person; this one goes on. */
export function changePassword(old: string, chosen: string) {
  return api.post("/auth/password/change/", {
    schema: detailSchema,
    body: { old_password: old, new_password1: chosen, new_password2: chosen },
  });
}
