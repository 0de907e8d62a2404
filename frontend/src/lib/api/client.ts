import { AnswerProblem, ApiProblem, NetworkProblem, problemOf } from "@/lib/api/problem";
import { refreshSession } from "@/lib/api/refresh";
import { loadConfig } from "@/lib/config";
import { endSession, maybeSignedIn } from "@/lib/session/store";
import { type QueryValues, queryString } from "@/lib/url/query-string";
import type { z } from "@/lib/zod";

interface RequestOptions {
  /** Parameters that are empty, null or undefined are left out. */
  query?: QueryValues;
  /** Sent as JSON; a FormData is sent as a form. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /**
   * For a POST that creates something: sent as `Idempotency-Key`, so that the request can be repeated
   * when its answer is lost. `true` makes a new key. Pass your own key to make several calls one.
   */
  idempotencyKey?: string | true;
  /** A 401 is the answer to this request (wrong password) and does not end the session. */
  anonymous?: boolean;
  /** The request outlives the page. Its body has at most 64 kB. */
  keepalive?: boolean;
}

export interface JsonOptions<S extends z.ZodType> extends RequestOptions {
  schema: S;
}

/** Pauses before the repetitions of a request whose answer was lost, ms. */
const RETRY_PAUSES = [400, 1500];
const GATEWAY_ERRORS = new Set([502, 503, 504]);

/** Requests to the API. `path` is relative to `/api/v1`, such as `/images/7/`. */
export const api = {
  get: <S extends z.ZodType>(path: string, options: JsonOptions<S>) => json("GET", path, options),
  post: <S extends z.ZodType>(path: string, options: JsonOptions<S>) => json("POST", path, options),
  patch: <S extends z.ZodType>(path: string, options: JsonOptions<S>) =>
    json("PATCH", path, options),
  delete: async (path: string, options: RequestOptions = {}): Promise<void> => {
    await send("DELETE", path, options);
  },
  /** The response itself, for bytes and headers. Its status is a success. */
  raw: (method: string, path: string, options: RequestOptions = {}): Promise<Response> =>
    send(method, path, options),
};

/** The full address of an API path, for links, forms and XMLHttpRequest. */
export async function apiAddress(path: string, query: QueryValues = {}): Promise<string> {
  const { apiUrl } = await reach(loadConfig);
  return `${apiUrl}/api/v1${path}${queryString(query)}`;
}

async function json<S extends z.ZodType>(
  method: string,
  path: string,
  { schema, ...options }: JsonOptions<S>,
): Promise<z.infer<S>> {
  const response = await send(method, path, options);
  return parseAnswer(
    path,
    schema,
    response.status === 204 ? undefined : await reach(() => response.json()),
  );
}

/** @throws AnswerProblem if the body does not match the schema */
export function parseAnswer<S extends z.ZodType>(
  path: string,
  schema: S,
  body: unknown,
): z.infer<S> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    throw new AnswerProblem(path, parsed.error);
  }
  return parsed.data;
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const key = options.idempotencyKey === true ? crypto.randomUUID() : options.idempotencyKey;
  for (let tries = 0; ; tries += 1) {
    try {
      return await sendAuthorized(method, path, options, key);
    } catch (error) {
      const wait = RETRY_PAUSES[tries];
      if (wait === undefined || key === undefined || !mayBeRepeated(error, options.signal)) {
        throw error;
      }
      await pause(wait, options.signal);
    }
  }
}

async function sendAuthorized(
  method: string,
  path: string,
  options: RequestOptions,
  key: string | undefined,
): Promise<Response> {
  const sentAt = Date.now();
  const response = await sendOnce(method, path, options, key);
  if (response.ok) {
    return response;
  }
  const problem = await readProblem(response);
  if (problem.status !== 401 || options.anonymous || !(await renewSession(problem, sentAt))) {
    throw problem;
  }
  const second = await sendOnce(method, path, options, key);
  if (!second.ok) {
    const again = await readProblem(second);
    if (again.status === 401) {
      endSession("expired");
    }
    throw again;
  }
  return second;
}

/**
 * Refresh the session after a 401, or end it.
 *
 * @param sentAt when the refused request was sent, ms since the epoch
 * @returns whether the session was refreshed and the request may be repeated
 */
export async function renewSession(problem: ApiProblem, sentAt: number): Promise<boolean> {
  // The browser may have dropped only the access cookie. If it never signed in, it has no cookie.
  const renewable =
    problem.code === "token_expired" || (problem.code === "not_authenticated" && maybeSignedIn());
  if (renewable) {
    const { apiUrl } = await reach(loadConfig);
    if ((await reach(() => refreshSession(apiUrl, sentAt))) === "refreshed") {
      return true;
    }
    endSession("expired");
    return false;
  }
  endSession(problem.code === "not_authenticated" ? "anonymous" : "expired");
  return false;
}

async function sendOnce(
  method: string,
  path: string,
  { query, body, headers, signal, keepalive }: RequestOptions,
  key: string | undefined,
): Promise<Response> {
  const address = await apiAddress(path, query);
  const isForm = body instanceof FormData;
  return reach(() =>
    fetch(address, {
      method,
      credentials: "include",
      signal,
      keepalive,
      headers: {
        Accept: "application/json",
        ...(body === undefined || isForm ? {} : { "Content-Type": "application/json" }),
        ...(key === undefined ? {} : { "Idempotency-Key": key }),
        ...headers,
      },
      body: body === undefined ? undefined : isForm ? body : JSON.stringify(body),
    }),
  );
}

async function readProblem(response: Response): Promise<ApiProblem> {
  const text = await reach(() => response.text());
  return problemOf(response.status, text, response.headers);
}

/** Turn the TypeError that fetch throws for a lost connection into a NetworkProblem. */
async function reach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof TypeError ? new NetworkProblem(error) : error;
  }
}

function mayBeRepeated(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted) {
    return false;
  }
  return (
    error instanceof NetworkProblem ||
    (error instanceof ApiProblem &&
      (GATEWAY_ERRORS.has(error.status) || error.code === "idempotency_in_progress"))
  );
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
  });
}
