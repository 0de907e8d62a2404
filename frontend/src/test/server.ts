import { vi } from "vitest";

export interface Asked {
  method: string;
  /** Path and query. */
  path: string;
  headers: Headers;
  body: unknown;
  keepalive: boolean;
}

type Answer = Response | Error | Promise<Response>;

/**
 * Stands in for the network: every `fetch` of the page comes here.
 *
 * `answer` gets what was asked; an Error is a lost connection. `/config.json` is answered by itself.
 */
export function fakeServer(answer: (asked: Asked, count: number) => Answer) {
  const asked: Asked[] = [];
  const fetch = vi.fn(async (input: string | URL | Request, init: RequestInit = {}) => {
    const path = String(input).replace(/^https?:\/\/[^/]+/, "");
    if (path === "/config.json") {
      return json({ apiUrl: "" });
    }
    const one: Asked = {
      method: init.method ?? "GET",
      path,
      headers: new Headers(init.headers),
      body: typeof init.body === "string" ? JSON.parse(init.body) : init.body,
      keepalive: init.keepalive ?? false,
    };
    asked.push(one);
    const made = await answer(one, asked.length);
    if (made instanceof Error) {
      throw made;
    }
    return made;
  });
  vi.stubGlobal("fetch", fetch);
  return {
    asked,
    /** Requests to this path, in order. */
    to: (path: string) => asked.filter((one) => one.path.startsWith(path)),
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
