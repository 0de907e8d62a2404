import { vi } from "vitest";

export interface SentRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: Headers;
  body: unknown;
  keepalive: boolean;
}

type Answer = Response | Error | Promise<Response>;

/**
 * Replaces the network: every `fetch` of the page calls `answer` with the request.
 *
 * An Error as the answer is a lost connection. Requests for `/config.json` are not passed on.
 */
export function fakeServer(answer: (request: SentRequest, count: number) => Answer) {
  const requests: SentRequest[] = [];
  const fetch = vi.fn(async (input: string | URL | Request, init: RequestInit = {}) => {
    const path = String(input).replace(/^https?:\/\/[^/]+/, "");
    if (path === "/config.json") {
      return json({ apiUrl: "" });
    }
    const request: SentRequest = {
      method: init.method ?? "GET",
      path,
      headers: new Headers(init.headers),
      body: typeof init.body === "string" ? JSON.parse(init.body) : init.body,
      keepalive: init.keepalive ?? false,
    };
    requests.push(request);
    const response = await answer(request, requests.length);
    if (response instanceof Error) {
      throw response;
    }
    return response;
  });
  vi.stubGlobal("fetch", fetch);
  return {
    requests,
    /** Requests to this path, in order. */
    to: (path: string) => requests.filter((one) => one.path.startsWith(path)),
  };
}

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status });
}

export function refusal(status: number, code: string, extra: object = {}): Response {
  const body = {
    type: "about:blank",
    title: code,
    status,
    detail: `It is ${code}.`,
    code,
    ...extra,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/problem+json" },
  });
}

export const NO_CONTENT = () => new Response(null, { status: 204 });
export const LOST = () => new TypeError("Failed to fetch");
