import { detailSchema } from "@/api/account/detail";
import { api } from "@/lib/api/client";

/** Another mail with a link that confirms the address. */
export function resendVerification(email: string) {
  return api.post("/auth/registration/resend-email/", {
    schema: detailSchema,
    body: { email },
    anonymous: true,
  });
}
