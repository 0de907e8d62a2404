import { config } from "zod";

// Zod compiles its schemas with `new Function` otherwise, which the Content-Security-Policy forbids.
config({ jitless: true });

export * as z from "./zod-parts";
