import { AnswerProblem, ApiProblem, NetworkProblem, problemOf } from "@/lib/api/problem";
import { refreshSession } from "@/lib/api/refresh";
import { loadConfig } from "@/lib/config";
import { endSession, maybeSignedIn } from "@/lib/session/store";
import type { z } from "@/lib/zod";

export type QueryValues = Record<string, string | number | boolean | null | undefined>;

interface RequestOptions {
  /** Empty, null and undefined values are left out. */
  query?: QueryValues;
  /** Sent as JSON, a FormData as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /**
   * For a POST that creates: sent along as `Idempotency-Key`, so that a lost answer can be asked for
   * again. `true` makes one. Keep your own over several calls if a person can press the button twice.
   */
  idempotencyKey?: string | true;
  /** A 401 is this request's own answer (a wrong password) and ends no session. */
  anonymous?: boolean;
  /** Let the request outlive the page (at most 64 kB of body). */
  keepalive?: boolean;
}

interface JsonOptions<S extends z.ZodType> extends RequestOptions {
  schema: S;
}

/** How long a lost answer is asked for again, in ms before each further try. */
const RETRY_AFTER = [400, 1500];
const GATEWAY = new Set([502, 503, 504]);

/** Requests to the API. `path` lies below `/api/v1`: `/images/7/`. */
export const api = {
  get: <S extends z.ZodType>(path: string, options: JsonOptions<S>) => json("GET", path, options),
  post: <S extends z.ZodType>(path: string, options: JsonOptions<S>) => json("POST", path, options),
  patch: <S extends z.ZodType>(path: string, options: JsonOptions<S>) =>
    json("PATCH", path, options),
  put: <S extends z.ZodType>(path: string, options: JsonOptions<S>) => json("PUT", path, options),
  delete: async (path: string, options: RequestOptions = {}): Promise<void> => {
    await send("DELETE", path, options);
  },
  /** The answer itself, for bytes and headers. It is a success. */
  raw: (method: string, path: string, options: RequestOptions = {}): Promise<Response> =>
    send(method, path, options),
};

/** The whole address of a path of the API, for links, forms and XMLHttpRequest. */
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
  const answer: unknown = response.status === 204 ? undefined : await reach(() => response.json());
  const parsed = schema.safeParse(answer);
  if (!parsed.success) {
    throw new AnswerProblem(path, parsed.error);
  }
  return parsed.data;
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const key = options.idempotencyKey === true ? crypto.randomUUID() : options.idempotencyKey;
  const request = () => authorized(method, path, options, key);
  for (let tries = 0; ; tries += 1) {
    try {
      return await request();
    } catch (error) {
      const wait = RETRY_AFTER[tries];
      if (wait === undefined || key === undefined || !isWorthAnother(error, options.signal)) {
        throw error;
      }
      await pause(wait, options.signal);
    }
  }
}

async function authorized(
  method: string,
  path: string,
  options: RequestOptions,
  key: string | undefined,
): Promise<Response> {
  const sentAt = Date.now();
  const response = await once(method, path, options, key);
  if (response.ok) {
    return response;
  }
  const problem = await refusal(response);
  if (problem.status !== 401 || options.anonymous) {
    throw problem;
  }
  if (!(await recover(problem, sentAt))) {
    throw problem;
  }
  const second = await once(method, path, options, key);
  if (!second.ok) {
    const again = await refusal(second);
    if (again.status === 401) {
      endSession("expired");
    }
    throw again;
  }
  return second;
}

/**
 * What to do about a 401: true when the session was refreshed and the request may be sent again.
 * Otherwise the session has been ended. XMLHttpRequests use it too.
 *
 * @param sentAt when the refused request was sent, ms of the epoch
 */
export async function recover(problem: ApiProblem, sentAt: number): Promise<boolean> {
  // A browser may have dropped the access cookie alone; one that never signed in has no other.
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

async function once(
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

async function refusal(response: Response): Promise<ApiProblem> {
  const text = await reach(() => response.text());
  return problemOf(response.status, text, response.headers);
}

/** What fetch throws as TypeError is a lost connection; an abort stays one. */
async function reach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof TypeError ? new NetworkProblem(error) : error;
  }
}

function isWorthAnother(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted) {
    return false;
  }
  return (
    error instanceof NetworkProblem ||
    (error instanceof ApiProblem &&
      (GATEWAY.has(error.status) || error.code === "idempotency_in_progress"))
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

function queryString(query: QueryValues): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") {
      search.set(name, String(value));
    }
  }
  const text = search.toString();
  return text && `?${text}`;
}

/** Have an access token that is at most a minute old, for what cannot wait for a refresh later. */
export async function freshenSession(): Promise<void> {
  const { apiUrl } = await reach(loadConfig);
  await reach(() => refreshSession(apiUrl, Date.now() - 60_000));
}
