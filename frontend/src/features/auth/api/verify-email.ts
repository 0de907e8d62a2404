import { api } from "@/lib/api/client";
import { detailSchema } from "./detail";

/** @param key from the link of the mail */
export function verifyEmail(key: string) {
  return api.post("/auth/registration/verify-email/", {
    schema: detailSchema,
    body: { key },
    anonymous: true,
  });
}
