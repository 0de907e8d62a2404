import { expect, it } from "vitest";
import { formatBytes } from "./format";

it.each([
  [0, "0 bytes"],
  [1023, "1,023 bytes"],
  [1024, "1 kB"],
  [1_572_864, "1.5 MB"],
  [50 * 1024 * 1024, "50 MB"], // as the server's limits count
  [50 * 1024 ** 3, "50 GB"],
])("writes %d bytes as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
