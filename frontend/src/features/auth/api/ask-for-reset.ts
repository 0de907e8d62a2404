import { detailSchema } from "@/api/account/detail";
import { api } from "@/lib/api/client";

/** Answers the same whether or not there is such an account. */
export function askForReset(email: string) {
  return api.post("/auth/password/reset/", {
    schema: detailSchema,
    body: { email },
    anonymous: true,
  });
}
