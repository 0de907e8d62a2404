import { z } from "@/lib/zod";

const MEGABYTE = 1024 * 1024;

const schema = z.object({
  /** Origin of the API, without a path; "" is the page's own. */
  apiUrl: z.string().default(""),
  passwordRules: z
    .array(z.string())
    .default([
      "Your password can’t be too similar to your other personal information.",
      "Your password must contain at least 8 characters.",
      "Your password can’t be a commonly used password.",
      "Your password can’t be entirely numeric.",
    ]),
  upload: z
    .object({
      formats: z.array(z.string()),
      maxBytes: z.number(),
      /** px */
      maxSide: z.number(),
      /** over all frames */
      maxPixels: z.number(),
    })
    .default({
      formats: ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF", "BMP", "MPO"],
      maxBytes: 50 * MEGABYTE,
      maxSide: 10_000,
      maxPixels: 50_000_000,
    }),
  /** How long a link to an image works at least. */
  linkLifetimeSeconds: z.number().default(300),
  /** Where mails are, on a service that writes them to files instead of sending them. */
  mailFolder: z.string().nullable().default(null),
  /** The formats of results. */
  outputFormats: z.array(z.string()).default(["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF"]),
  maxSteps: z.number().default(32),
  maxBatchImages: z.number().default(1000),
});

export type Config = z.infer<typeof schema>;

/** The values until the server has answered. */
export const DEFAULT_CONFIG: Config = schema.parse({});

let loading: Promise<Config> | undefined;

/**
 * The configuration in `/config.json`.
 *
 * It is read at run time, so that one build works at every address. If the page is on another origin
 * than the API, that file holds the address of the API, and the API has the rest.
 */
export function loadConfig(): Promise<Config> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined; // the next request tries again
    throw error;
  });
  return loading;
}

async function load(): Promise<Config> {
  const own = await read("/config.json");
  const apiUrl = own.apiUrl.replace(/\/+$/, "");
  return apiUrl === "" ? own : { ...(await read(`${apiUrl}/config.json`)), apiUrl };
}

async function read(address: string): Promise<Config> {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (response.status === 404) {
    return DEFAULT_CONFIG;
  }
  if (!response.ok) {
    throw new TypeError(`${address} answered ${response.status}`);
  }
  return schema.parse(await response.json());
}
