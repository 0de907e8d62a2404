import type { ScopesEnum } from "@/api/generated";
import { z } from "@/lib/zod";

export const SCOPES = ["images:read", "images:write", "tasks", "*"] as const satisfies ScopesEnum[];

export const apiKeySchema = z.object({
  id: z.number(),
  name: z.string(),
  /** The first characters of the key. */
  prefix: z.string(),
  scopes: z.array(z.string()),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
  expires_at: z.string().nullable(),
});

/** The only answer that holds the key. `key` is null when the server replays a lost answer. */
export const createdApiKeySchema = apiKeySchema.extend({
  key: z.string().nullable(),
  detail: z.string(),
});

export type Scope = (typeof SCOPES)[number];
export type ApiKey = z.infer<typeof apiKeySchema>;
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>;
