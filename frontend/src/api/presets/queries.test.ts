import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { fakeServer, json } from "@/test/server";
import { presetsQuery } from "./queries";

const NEXT = "http://here.invalid/api/v1/presets/?page_size=100&cursor=abc";

function preset(id: number) {
  return {
    id,
    name: `preset ${id}`,
    description: "",
    transformations: [],
    format: null,
    quality: null,
    lossless: null,
    metadata: null,
    background: null,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
  };
}

it("reads all pages of the list", async () => {
  const server = fakeServer(({ path }) =>
    path.includes("cursor=abc")
      ? json({ next: null, previous: null, results: [preset(1)] })
      : json({ next: NEXT, previous: null, results: [preset(3), preset(2)] }),
  );
  const presets = await new QueryClient().fetchQuery(presetsQuery);
  expect(presets.map(({ id }) => id)).toEqual([3, 2, 1]);
  expect(server.requests).toHaveLength(2);
});
