import { api } from "@/lib/api/client";
import { userSchema } from "@/lib/session/use-user";
import { z } from "@/lib/zod";

/** What a new session answers; its tokens are in cookies. */
export const sessionSchema = z.object({ user: userSchema });

export interface Credentials {
  /** User name or e-mail address. */
  login: string;
  password: string;
}

export function signIn({ login, password }: Credentials) {
  return api.post("/auth/login/", {
    schema: sessionSchema,
    body: { username: login, password },
    headers: { "X-Auth-Mode": "cookie" },
    anonymous: true,
  });
}
