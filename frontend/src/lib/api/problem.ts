import { z } from "@/lib/zod";

const fieldError = z.object({
  pointer: z.string(),
  code: z.string().catch(""),
  detail: z.string(),
  limit: z.unknown().optional(),
  actual: z.unknown().optional(),
});

const body = z.looseObject({
  title: z.string(),
  detail: z.string(),
  code: z.string(),
  request_id: z.string().nullish(),
  limit: z.unknown().optional(),
  actual: z.unknown().optional(),
  errors: z.array(fieldError).catch([]).default([]),
});

type FieldError = z.infer<typeof fieldError>;

/** An error answer of the API (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly status: number,
    /** Stable name for programs: `token_expired`, `quota_exceeded`, ... */
    readonly code: string,
    /** One sentence for people. */
    readonly detail: string,
    readonly title: string,
    readonly errors: readonly FieldError[] = [],
    readonly extra: {
      requestId?: string;
      limit?: unknown;
      actual?: unknown;
      /** s */
      retryAfter?: number;
    } = {},
  ) {
    super(detail);
  }

  /** The messages by top-level field; those about the whole body under `""`. */
  byField(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const { pointer, detail } of this.errors) {
      const name = pointer.split("/")[1] ?? "";
      const key = name === "non_field_errors" ? "" : name;
      found[key] = found[key] === undefined ? detail : `${found[key]} ${detail}`;
    }
    return found;
  }
}

/** The request or its answer was lost: offline, server down, or connection cut. */
export class NetworkProblem extends Error {
  override readonly name = "NetworkProblem";

  constructor(cause: unknown) {
    super("The server cannot be reached.", { cause });
  }
}

/** An answer that the page does not understand, usually because page and server differ in version. */
export class AnswerProblem extends Error {
  override readonly name = "AnswerProblem";

  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    super("The server sent an unexpected answer. This page may be out of date: reload it.", {
      cause,
    });
  }
}

/** The problem of an error answer. A proxy may answer without a problem document. */
export function problemOf(status: number, text: string, headers: HeaderLookup): ApiProblem {
  const retryAfter = Number(headers.get("Retry-After")) || undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const parsed = body.safeParse(json);
  if (!parsed.success) {
    const title = `The server answered ${status}`;
    return new ApiProblem(status, "unknown", `${title}.`, title, [], { retryAfter });
  }
  const { code, detail, title, errors, limit, actual, request_id } = parsed.data;
  return new ApiProblem(status, code, detail, title, errors, {
    requestId: request_id ?? undefined,
    limit,
    actual,
    retryAfter,
  });
}

export interface HeaderLookup {
  get(name: string): string | null;
}
