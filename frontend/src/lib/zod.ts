import { z } from "zod";

// Zod compiles its schemas with `new Function` otherwise, which the Content-Security-Policy forbids.
z.config({ jitless: true });

export { z };
