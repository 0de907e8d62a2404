import { detailSchema } from "@/api/account/detail";
import { api } from "@/lib/api/client";

/** @param key from the link of the mail */
export function verifyEmail(key: string) {
  return api.post("/auth/registration/verify-email/", {
    schema: detailSchema,
    body: { key },
    anonymous: true,
  });
}
