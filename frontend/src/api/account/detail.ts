import { z } from "@/lib/zod";

/** A sentence for people. */
export const detailSchema = z.object({ detail: z.string() });
