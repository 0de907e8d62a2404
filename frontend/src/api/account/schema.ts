import { z } from "@/lib/zod";

/** An answer that is one sentence for people. */
export const detailSchema = z.object({ detail: z.string() });

export const userSchema = z.object({
  id: z.number(),
  username: z.string().default(""),
  email: z.string().default(""),
  /** Replaces `email` when the link in the mail to it is opened. */
  pending_email: z.string().nullable().default(null),
  first_name: z.string().default(""),
  last_name: z.string().default(""),
});

/** A new session. Its tokens are in cookies, not in the body. */
export const sessionSchema = z.object({ user: userSchema });

/** A session, or a sentence that says that the address must be confirmed first. */
export const registrationSchema = z.union([sessionSchema, detailSchema]);

export type User = z.infer<typeof userSchema>;
