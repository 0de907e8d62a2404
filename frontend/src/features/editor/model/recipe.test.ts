import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import type { PipelineBody } from "@/api/tasks/pipeline-body";
import { toBody } from "./pipeline";
import { asCurl, asJson, fromHash, parseRecipe, toHash, toPipeline } from "./recipe";

const BODY: PipelineBody = {
  transformations: [
    { operation: "watermark", params: { text: "Zoë's ☕ 😀?>", opacity: 0.5 } },
    { operation: "flip", params: {} },
  ],
  format: "webp",
  quality: 80,
  lossless: true,
  metadata: "keep",
  background: "#ffeedd",
};

it("reads the JSON that it wrote", () => {
  const pipeline = parseRecipe(asJson(BODY));
  expect(pipeline && toBody(pipeline)).toEqual(BODY);
});

it("reads the link that it wrote, with any characters", () => {
  const hash = toHash(BODY);
  expect(hash).toMatch(/^#recipe=[A-Za-z0-9_-]+$/);
  const pipeline = fromHash(hash);
  expect(pipeline && toBody(pipeline)).toEqual(BODY);
});

it.each(["", "#", "#recipe=", "#recipe=%7B", "#recipe=AAAA", "#other=e30"])(
  "finds no recipe in %j",
  (hash) => {
    expect(fromHash(hash)).toBeNull();
  },
);

it.each(["", "no JSON", "[]", "{}", '{"transformations": [{}]}', '{"transformations": 5}'])(
  "does not accept %j as a recipe",
  (text) => {
    expect(parseRecipe(text)).toBeNull();
  },
);

it("accepts steps without parameters, and gives each step its own key", () => {
  const pipeline = parseRecipe(
    '{"transformations": [{"operation": "flip"}, {"operation": "flip"}]}',
  );
  expect(pipeline?.steps.map(({ params }) => params)).toEqual([{}, {}]);
  expect(new Set(pipeline?.steps.map(({ key }) => key)).size).toBe(2);
});

it.each([
  ["JPEG", "jpeg"],
  ["Jpg", "jpeg"],
  ["tif", "tiff"],
  [null, null],
  [undefined, null],
])("knows the format %j as %j, as the output panel does", (given, known) => {
  expect(toPipeline({ transformations: [], format: given }).output.format).toBe(known);
});

it("writes a command whose quotes a shell understands", () => {
  const command = asCurl("https://example.com/api/v1/images/7/transform/", BODY);
  // The shell reads the command; `curl` only says what it was given.
  const script = `curl() { printf '%s\\0' "$@"; }\nAPI_KEY=secret\n${command}`;
  const given = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0");
  expect(given).toContain("https://example.com/api/v1/images/7/transform/");
  expect(given).toContain("Authorization: Api-Key secret");
  expect(JSON.parse(given[given.indexOf("-d") + 1] ?? "")).toEqual(BODY);
});
