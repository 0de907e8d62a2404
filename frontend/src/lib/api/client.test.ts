import { beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "@/lib/api/client";
import { AnswerProblem, ApiProblem, NetworkProblem } from "@/lib/api/problem";
import { useSessionStore } from "@/lib/session/store";
import { z } from "@/lib/zod";
import { fakeServer, json, LOST, refusal } from "@/test/server";

const schema = z.object({ id: z.number() });
const REFRESH = "/api/v1/token/refresh/";
const get = (id: number) => api.get(`/tasks/${id}/`, { schema });

/** A server whose access tokens are expired until a refresh. */
function expiredUntilRefreshed(refresh: () => Response | Error = () => json({})) {
  let fresh = false;
  return fakeServer(({ path }) => {
    if (path === REFRESH) {
      const answer = refresh();
      fresh = answer instanceof Response && answer.ok;
      return answer;
    }
    return fresh ? json({ id: Number(path.split("/")[4]) }) : refusal(401, "token_expired");
  });
}

/** Web Locks that are always free; other tabs hold those in `held`. */
function stubLocks(held: string[]) {
  const request = vi.fn((_name: string, work: () => Promise<unknown>) => work());
  const query = async () => ({ held: held.map((name) => ({ name })) });
  vi.stubGlobal("navigator", { ...navigator, onLine: true, locks: { request, query } });
  return request;
}

describe("a request with an expired token", () => {
  it("refreshes the session, and is repeated", async () => {
    const server = expiredUntilRefreshed();
    expect(await get(7)).toEqual({ id: 7 });
    expect(server.requests.map(({ path }) => path)).toEqual([
      "/api/v1/tasks/7/",
      REFRESH,
      "/api/v1/tasks/7/",
    ]);
    expect(server.to(REFRESH)[0]?.headers.get("X-Auth-Mode")).toBe("cookie");
  });

  it("also refreshes when the browser dropped the access token", async () => {
    localStorage.setItem("signed-in", "1");
    const answers = [refusal(401, "not_authenticated"), json({}), json({ id: 7 })];
    const server = fakeServer(() => answers.shift() ?? LOST());
    expect(await get(7)).toEqual({ id: 7 });
    expect(server.to(REFRESH)).toHaveLength(1);
  });

  it("shares one refresh with other requests", async () => {
    const server = expiredUntilRefreshed();
    expect(await Promise.all([1, 2, 3, 4].map(get))).toEqual([1, 2, 3, 4].map((id) => ({ id })));
    expect(server.to(REFRESH)).toHaveLength(1);
  });

  it("needs no refresh when another tab has refreshed since it was sent", async () => {
    const answers = [refusal(401, "token_expired"), json({ id: 7 })];
    const server = fakeServer(() => {
      localStorage.setItem("session-refreshed-at", String(Date.now() + 1));
      return answers.shift() ?? LOST();
    });
    expect(await get(7)).toEqual({ id: 7 });
    expect(server.to(REFRESH)).toHaveLength(0);
  });

  it("waits for other tabs with a lock, and holds another one that says when it refreshed", async () => {
    const locks = stubLocks([]);
    expiredUntilRefreshed();
    await get(7);
    expect(locks.mock.calls.map(([name]) => name)).toEqual([
      "refresh-session",
      expect.stringMatching(/^session-refreshed-at-\d+$/),
    ]);
  });

  it("needs no refresh when another tab holds a lock that says so", async () => {
    stubLocks([`session-refreshed-at-${Date.now() + 60_000}`]);
    const answers = [refusal(401, "token_expired"), json({ id: 7 })];
    const server = fakeServer(() => answers.shift() ?? LOST());
    expect(await get(7)).toEqual({ id: 7 });
    expect(server.to(REFRESH)).toHaveLength(0);
  });

  it("ends the session when the refresh is refused", async () => {
    const server = expiredUntilRefreshed(() => refusal(401, "session_revoked"));
    await expect(get(7)).rejects.toMatchObject({ code: "token_expired" });
    expect(useSessionStore.getState().ended).toBe("expired");
    expect(server.to("/api/v1/tasks/")).toHaveLength(1);
  });

  it("keeps the session when the refresh is lost, and refreshes the next time", async () => {
    const answers = [LOST(), json({})];
    expiredUntilRefreshed(() => answers.shift() ?? LOST());
    await expect(get(7)).rejects.toBeInstanceOf(NetworkProblem);
    expect(useSessionStore.getState().ended).toBeNull();
    expect(await get(7)).toEqual({ id: 7 });
  });
});

describe("another 401", () => {
  it("ends the session without a refresh", async () => {
    const server = fakeServer(() => refusal(401, "session_revoked"));
    await expect(get(7)).rejects.toBeInstanceOf(ApiProblem);
    expect(useSessionStore.getState().ended).toBe("expired");
    expect(server.to(REFRESH)).toHaveLength(0);
  });

  it("is the answer to a sign-in, and does not end a session", async () => {
    fakeServer(() => refusal(401, "invalid_credentials"));
    const signIn = api.post("/auth/login/", { schema, body: {}, anonymous: true });
    await expect(signIn).rejects.toMatchObject({ code: "invalid_credentials" });
    expect(useSessionStore.getState().ended).toBeNull();
  });
});

describe("a POST that creates", () => {
  beforeEach(() => {
    vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 200 });
  });

  it("is repeated with the same key when its answer is lost", async () => {
    const answers = [LOST(), refusal(503, "unavailable"), json({ id: 1 }, 201)];
    const server = fakeServer(() => answers.shift() ?? LOST());
    expect(
      await api.post("/presets/", { schema, body: { name: "x" }, idempotencyKey: true }),
    ).toEqual({ id: 1 });
    const keys = server.requests.map(({ headers }) => headers.get("Idempotency-Key"));
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(keys).size).toBe(1);
    expect(keys).toHaveLength(3);
  });

  it("is not repeated without a key, or when it was refused", async () => {
    const server = fakeServer(() => LOST());
    await expect(api.post("/presets/", { schema, body: {} })).rejects.toThrow();
    expect(server.requests).toHaveLength(1);
    const strict = fakeServer(() => refusal(400, "invalid"));
    const post = api.post("/presets/", { schema, body: {}, idempotencyKey: "mine" });
    await expect(post).rejects.toMatchObject({ status: 400 });
    expect(strict.requests).toHaveLength(1);
    expect(strict.requests[0]?.headers.get("Idempotency-Key")).toBe("mine");
  });
});

it("gives the messages by field", async () => {
  const errors = [
    { pointer: "/email", code: "unique", detail: "Taken." },
    { pointer: "/non_field_errors", code: "x", detail: "Both." },
    { pointer: "/steps/0/width", code: "max", detail: "Too wide." },
  ];
  fakeServer(() => refusal(400, "invalid", { errors, limit: 10, actual: 11 }));
  const problem = await get(1).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(ApiProblem);
  expect((problem as ApiProblem).byField()).toEqual({
    email: "Taken.",
    "": "Both.",
    steps: "Too wide.",
  });
  expect((problem as ApiProblem).extra).toMatchObject({ limit: 10, actual: 11 });
});

it("reports an answer that it does not understand", async () => {
  fakeServer(() => json({ id: "seven" }));
  await expect(get(7)).rejects.toBeInstanceOf(AnswerProblem);
});

it("accepts an error page of a proxy", async () => {
  fakeServer(() => new Response("<html>Bad gateway</html>", { status: 502 }));
  await expect(get(7)).rejects.toMatchObject({ status: 502, code: "unknown" });
});
