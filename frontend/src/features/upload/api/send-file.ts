import { imageSchema } from "@/api/images/image";
import { apiAddress, recover } from "@/lib/api/client";
import { AnswerProblem, NetworkProblem, problemOf } from "@/lib/api/problem";
import { z } from "@/lib/zod";

const schema = imageSchema.extend({
  /** Id of the earlier image with the same bytes. */
  duplicate_of: z.number().nullable(),
});

export type UploadedImage = z.infer<typeof schema>;

export interface Sending {
  file: File;
  /** The same for every try with this file, so that it is stored once. */
  idempotencyKey: string;
  /** Share of the bytes that were sent, 0..1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

const PATH = "/images/upload/";

/**
 * Upload one file. XMLHttpRequest, since fetch does not tell how far it is.
 *
 * @throws ApiProblem, NetworkProblem, AnswerProblem; what `signal` was aborted with
 */
export async function sendFile(sending: Sending): Promise<UploadedImage> {
  const sentAt = Date.now();
  let answer = await once(sending);
  if (answer.status === 401) {
    const problem = problemOf(answer.status, answer.text, answer.headers);
    if (!(await recover(problem, sentAt))) {
      throw problem;
    }
    answer = await once(sending);
  }
  if (answer.status < 200 || answer.status > 299) {
    throw problemOf(answer.status, answer.text, answer.headers);
  }
  let body: unknown;
  try {
    body = JSON.parse(answer.text);
  } catch (error) {
    throw new AnswerProblem(PATH, error);
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    throw new AnswerProblem(PATH, parsed.error);
  }
  return parsed.data;
}

interface Answer {
  status: number;
  text: string;
  headers: { get(name: string): string | null };
}

async function once({ file, idempotencyKey, onProgress, signal }: Sending): Promise<Answer> {
  const address = await apiAddress(PATH);
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener("abort", abort, { once: true });
    request.open("POST", address);
    request.withCredentials = true;
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Idempotency-Key", idempotencyKey);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onload = () =>
      resolve({
        status: request.status,
        text: request.responseText,
        headers: { get: (name) => request.getResponseHeader(name) },
      });
    request.onerror = () => reject(new NetworkProblem(new TypeError("XMLHttpRequest failed")));
    request.onabort = () => reject(signal.reason);
    request.onloadend = () => signal.removeEventListener("abort", abort);
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}
