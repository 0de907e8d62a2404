import { useMutation, useQueryClient } from "@tanstack/react-query";
import { presetKeys } from "@/api/presets/get-presets";
import { presetSchema } from "@/api/presets/preset";
import type { Step } from "@/api/tasks/task";
import { api } from "@/lib/api/client";

export interface NewPreset {
  name: string;
  description?: string;
  transformations: Step[];
  format?: string | null;
  quality?: number | "auto" | null;
  lossless?: boolean;
  metadata?: "keep" | "strip";
  background?: string;
}

export function useCreatePreset() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewPreset) =>
      api.post("/presets/", { schema: presetSchema, body, idempotencyKey: true }),
    onSuccess: () => queries.invalidateQueries({ queryKey: presetKeys.all }),
  });
}
