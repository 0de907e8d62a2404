import { detailSchema } from "@/api/account/detail";
import { api } from "@/lib/api/client";

export interface NewPassword {
  /** Both from the link of the mail. */
  uid: string;
  token: string;
  password: string;
}

export function confirmReset({ uid, token, password }: NewPassword) {
  return api.post("/auth/password/reset/confirm/", {
    schema: detailSchema,
    body: { uid, token, new_password1: password, new_password2: password },
    anonymous: true,
  });
}
