import { apiAddress, type JsonOptions, parseAnswer, renewSession } from "@/lib/api/client";
import { AnswerProblem, type HeaderLookup, NetworkProblem, problemOf } from "@/lib/api/problem";
import type { z } from "@/lib/zod";

interface UploadOptions<S extends z.ZodType> extends Pick<JsonOptions<S>, "schema"> {
  idempotencyKey: string;
  /** Called with the share of the bytes that were sent, 0..1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/**
 * POST a form and report the progress. XMLHttpRequest does it: fetch reports none.
 *
 * @throws ApiProblem, NetworkProblem, AnswerProblem; the reason with which `signal` was aborted
 */
export async function uploadForm<S extends z.ZodType>(
  path: string,
  form: FormData,
  options: UploadOptions<S>,
): Promise<z.infer<S>> {
  const sentAt = Date.now();
  let answer = await sendOnce(path, form, options);
  if (answer.status === 401) {
    const problem = problemOf(answer.status, answer.text, answer.headers);
    if (!(await renewSession(problem, sentAt))) {
      throw problem;
    }
    answer = await sendOnce(path, form, options);
  }
  if (answer.status < 200 || answer.status > 299) {
    throw problemOf(answer.status, answer.text, answer.headers);
  }
  let body: unknown;
  try {
    body = JSON.parse(answer.text);
  } catch (error) {
    throw new AnswerProblem(path, error);
  }
  return parseAnswer(path, options.schema, body);
}

interface Answer {
  status: number;
  text: string;
  headers: HeaderLookup;
}

async function sendOnce(
  path: string,
  form: FormData,
  { idempotencyKey, onProgress, signal }: Omit<UploadOptions<z.ZodType>, "schema">,
): Promise<Answer> {
  const address = await apiAddress(path);
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
    request.send(form);
  });
}
