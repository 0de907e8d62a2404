import { useMutation, useQueryClient } from "@tanstack/react-query";
import { imageSchema } from "@/api/images/image";
import { addToLists } from "@/api/images/list-cache";
import { api } from "@/lib/api/client";

/** Have the server fetch a picture. The image is `importing` at first. */
export function useImportImage() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (url: string) =>
      api.post("/images/import/", { schema: imageSchema, body: { url }, idempotencyKey: true }),
    onSuccess: (image) => addToLists(queries, image),
  });
}
