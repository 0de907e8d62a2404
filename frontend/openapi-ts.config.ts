import { defineConfig } from "@hey-api/openapi-ts";

// Types only: requests go through src/lib/api/client.ts, which knows sessions and safe retries.
export default defineConfig({
  input: "../docs/openapi.json",
  output: { path: "src/api/generated", clean: true },
  plugins: ["@hey-api/typescript"],
});
