import type { PipelineBody } from "@/api/tasks/pipeline-body";
import { stepSchema } from "@/api/tasks/schema";
import { z } from "@/lib/zod";
import { fromSteps, type Pipeline } from "./pipeline";

const recipeSchema = z.object({
  transformations: z.array(stepSchema),
  format: z.string().nullish(),
  quality: z.union([z.number(), z.literal("auto")]).nullish(),
  lossless: z.boolean().nullish(),
  metadata: z.enum(["keep", "strip"]).nullish(),
  background: z.string().nullish(),
});

/** Read a pipeline from JSON that was copied from the page or the API; null if it is none. */
export function parseRecipe(text: string): Pipeline | null {
  try {
    const parsed = recipeSchema.safeParse(JSON.parse(text));
    return parsed.success ? toPipeline(parsed.data) : null;
  } catch {
    return null;
  }
}

export function toPipeline({ transformations, ...given }: z.infer<typeof recipeSchema>): Pipeline {
  return {
    steps: fromSteps(transformations),
    output: {
      format: given.format ? canonicalFormat(given.format) : null,
      quality: given.quality ?? null,
      lossless: given.lossless || null,
      metadata: given.metadata ?? null,
      background: given.background ?? null,
    },
  };
}

const ALIASES: Record<string, string> = { jpg: "jpeg", tif: "tiff" };

/** The name under which the output panel offers the format. */
function canonicalFormat(format: string): string {
  const name = format.toLowerCase();
  return ALIASES[name] ?? name;
}

export function asJson(body: PipelineBody): string {
  return JSON.stringify(body, null, 2);
}

/** The request as a shell command. The API key is left as a variable. */
export function asCurl(address: string, body: PipelineBody): string {
  const quoted = JSON.stringify(body).replaceAll("'", "'\\''");
  return [
    `curl -sS -X POST '${address}'`,
    `-H "Authorization: Api-Key $API_KEY"`,
    `-H 'Content-Type: application/json'`,
    `-d '${quoted}'`,
  ].join(" \\\n  ");
}

/** The fragment of a link that opens the editor with these steps. Browsers do not send it. */
export function toHash(body: PipelineBody): string {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const text = btoa(String.fromCharCode(...bytes));
  return `#recipe=${text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

export function fromHash(hash: string): Pipeline | null {
  const found = /^#recipe=([A-Za-z0-9_-]+)$/.exec(hash)?.[1];
  if (!found) {
    return null;
  }
  try {
    const text = atob(found.replaceAll("-", "+").replaceAll("_", "/"));
    return parseRecipe(new TextDecoder().decode(Uint8Array.from(text, (one) => one.charCodeAt(0))));
  } catch {
    return null;
  }
}
