import { defineConfig } from "@hey-api/openapi-ts";

// Only the types of these parts of the document, no requests and no schemas: docs/decisions/0044.
const ANSWERS = [
  "ApiKey",
  "Batch",
  "CreatedApiKey",
  "Delivery",
  "Detail",
  "Preset",
  "Registered",
  "Retried",
  "SecretWebhook",
  "Session",
  "SourceImage",
  "Stats",
  "Task",
  "TransformedImage",
  "UploadedImage",
  "Usage",
  "User",
  "Webhook",
];
const BODIES = ["NewApiKeyRequest", "PatchedUserRequest", "WebhookChangeRequest", "WebhookRequest"];

export default defineConfig({
  input: "../docs/openapi.json",
  output: { path: "src/api/generated", clean: true },
  parser: {
    filters: {
      operations: { exclude: ["/.*/"] },
      schemas: { include: [...ANSWERS, ...BODIES] },
      orphans: true,
    },
    patch: {
      schemas: {
        // The page takes any operation: the catalogue describes them at run time.
        Pipeline: (schema) => {
          schema.items = {
            type: "object",
            required: ["operation"],
            properties: {
              operation: { type: "string" },
              params: { type: "object", additionalProperties: true },
            },
          };
        },
      },
    },
  },
  plugins: [{ name: "@hey-api/typescript", comments: false }],
});
