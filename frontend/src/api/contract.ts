/**
 * The schemas against the API document.
 *
 * Each line fails the type check if the document describes an answer that the schema refuses. This
 * file is not part of the build.
 */
import type { registrationSchema, sessionSchema, userSchema } from "@/api/account/schema";
import type { apiKeySchema, createdApiKeySchema } from "@/api/api-keys/schema";
import type { batchSchema } from "@/api/batches/schema";
import type * as document from "@/api/generated";
import type { imageSchema, uploadedImageSchema } from "@/api/images/schema";
import type { presetSchema } from "@/api/presets/schema";
import type { resultSchema } from "@/api/results/schema";
import type { statsSchema } from "@/api/stats/schema";
import type { retriedSchema, taskSchema } from "@/api/tasks/schema";
import type { usageSchema } from "@/api/usage/schema";
import type { deliverySchema, secretWebhookSchema, webhookSchema } from "@/api/webhooks/schema";
import type { z } from "@/lib/zod";

type Accepts<S extends z.ZodType, _Answer extends z.input<S>> = S;

export type Contract = [
  Accepts<typeof apiKeySchema, document.ApiKey>,
  Accepts<typeof createdApiKeySchema, document.CreatedApiKey>,
  Accepts<typeof batchSchema, document.Batch>,
  Accepts<typeof imageSchema, document.SourceImage>,
  Accepts<typeof uploadedImageSchema, document.UploadedImage>,
  Accepts<typeof presetSchema, document.Preset>,
  Accepts<typeof registrationSchema, document.Registered>,
  Accepts<typeof sessionSchema, document.Session>,
  Accepts<typeof userSchema, document.User>,
  Accepts<typeof resultSchema, document.TransformedImage>,
  Accepts<typeof statsSchema, document.Stats>,
  Accepts<typeof taskSchema, document.Task>,
  Accepts<typeof retriedSchema, document.Retried>,
  Accepts<typeof usageSchema, document.Usage>,
  Accepts<typeof webhookSchema, document.Webhook>,
  Accepts<typeof secretWebhookSchema, document.SecretWebhook>,
  Accepts<typeof deliverySchema, document.Delivery>,
];
