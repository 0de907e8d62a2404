import { api } from "@/lib/api/client";
import { z } from "@/lib/zod";
import { sessionSchema } from "./sign-in";

/** A session, or word that the address must be confirmed first. */
const schema = z.union([sessionSchema, z.object({ detail: z.string() })]);

export function signUp({ email, password }: { email: string; password: string }) {
  return api.post("/auth/registration/", {
    schema,
    body: { email, password },
    headers: { "X-Auth-Mode": "cookie" },
    anonymous: true,
  });
}
