import { useMutation, useQueryClient } from "@tanstack/react-query";
import { addToLists } from "@/api/images/list-cache";
import { transformPath } from "@/api/images/queries";
import { imageSchema, type UploadedImage, uploadedImageSchema } from "@/api/images/schema";
import type { PipelineBody } from "@/api/tasks/pipeline-body";
import { taskKeys } from "@/api/tasks/queries";
import { taskSchema } from "@/api/tasks/schema";
import { api } from "@/lib/api/client";
import { saveBlob } from "@/lib/api/download";
import { ApiProblem } from "@/lib/api/problem";
import { uploadForm } from "@/lib/api/upload";
import { toastError } from "@/lib/errors/toast-error";
import { plural } from "@/lib/format";
import { toast } from "@/lib/toast";

const PARALLEL_DELETIONS = 4;

interface ImageUpload {
  file: File;
  /** The same for every attempt with this file, so that the server stores it once. */
  idempotencyKey: string;
  /** Called with the share of the bytes that were sent, 0..1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/** Upload one file. Errors are those of `uploadForm`. */
export function uploadImage({ file, ...options }: ImageUpload): Promise<UploadedImage> {
  const form = new FormData();
  form.append("file", file, file.name);
  return uploadForm("/images/upload/", form, { schema: uploadedImageSchema, ...options });
}

/** Have the server fetch a picture. The new image has the status `importing`. */
export function useImportImage() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (url: string) =>
      api.post("/images/import/", { schema: imageSchema, body: { url }, idempotencyKey: true }),
    onSuccess: (image) => addToLists(queries, image),
  });
}

/** Apply a pipeline in full size. The answer is the new task. */
export function useSubmitPipeline(imageId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: PipelineBody) =>
      api.post(transformPath(imageId), { schema: taskSchema, body, idempotencyKey: true }),
    onSuccess: (task) => {
      queries.setQueryData(taskKeys.detail(task.id), task);
      return queries.invalidateQueries({ queryKey: taskKeys.lists() });
    },
  });
}

/** Download the uploaded files as one ZIP. Toasts show the progress and an error. */
export function useDownloadOriginals() {
  return useMutation({
    networkMode: "always",
    mutationFn: async (ids: readonly number[]) => {
      const response = await api.raw("POST", "/images/zip/", { body: { ids } });
      saveBlob(await response.blob(), "images.zip");
    },
    onMutate: (ids) => toast.progress(`Packing ${plural(ids.length, "image")}`),
    onError: (error) => toastError(error, "The ZIP could not be made"),
    onSettled: (_data, _error, _ids, toastId) => toastId && toast.dismiss(toastId),
  });
}

export function deleteImage(id: number): Promise<void> {
  return api.delete(`/images/${id}/`);
}

interface Deletion {
  deleted: number[];
  failed: number[];
  /** The error of the first image that could not be deleted. */
  error?: unknown;
}

/** Delete images, a few at a time. An image that no longer exists counts as deleted. */
export async function deleteImages(ids: readonly number[]): Promise<Deletion> {
  const deletion: Deletion = { deleted: [], failed: [] };
  const rest = [...ids];
  async function deleteRest(): Promise<void> {
    for (let id = rest.shift(); id !== undefined; id = rest.shift()) {
      try {
        await deleteImage(id);
        deletion.deleted.push(id);
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) {
          deletion.deleted.push(id);
        } else {
          deletion.failed.push(id);
          deletion.error ??= error;
        }
      }
    }
  }
  await Promise.all(Array.from({ length: PARALLEL_DELETIONS }, deleteRest));
  return deletion;
}

/** Delete images from a page that is being closed. The requests outlive the page. */
export function deleteImagesWhileLeaving(ids: readonly number[]): void {
  for (const id of ids) {
    api.delete(`/images/${id}/`, { keepalive: true }).catch(() => undefined);
  }
}
