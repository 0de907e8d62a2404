import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { addressAfterSignIn, imageAddress, loginAddress, paths, tasksAddress } from "./routes";

const SRC = join(import.meta.dirname, "..");

function sources(pattern: string): string[] {
  return globSync(pattern, { cwd: SRC });
}

it("has the path of every page, and no other", () => {
  const pages = sources("app/**/page.tsx").map((file) => {
    const folders = file.split("/").slice(1, -1);
    return `/${folders
      .filter((folder) => !folder.startsWith("("))
      .map((name) => `${name}/`)
      .join("")}`;
  });
  expect(Object.values<string>(paths).toSorted()).toEqual(pages.toSorted());
});

it("is the only file with addresses of the page", () => {
  const pages = Object.values(paths).filter((path) => path !== "/");
  const literal = new RegExp(
    `["'\`](?:${pages.map((path) => path.slice(0, -1)).join("|")})[/?#"'\`]`,
  );
  const link = /(?:href=\{?|push\(|replace\()["'`]\//;
  // The two `api` folders hold the paths of requests, some of which look like pages.
  const files = sources("**/*.{ts,tsx}").filter(
    (file) => !/^(?:api|lib\/api|test)\/|\.test\.|^lib\/routes\.ts$/.test(file),
  );
  const found = files.flatMap((file) =>
    readFileSync(join(SRC, file), "utf8")
      .split("\n")
      .filter((line) => literal.test(line) || link.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(found).toEqual([]);
});

it("leaves out the parts of a query that are absent", () => {
  expect(imageAddress(7)).toBe("/image/?id=7");
  expect(imageAddress(7, 3)).toBe("/image/?id=7&task=3");
  expect(tasksAddress({})).toBe("/tasks/");
  expect(loginAddress("/tasks/?batch=3")).toBe("/login/?next=%2Ftasks%2F%3Fbatch%3D3");
});

it.each([
  ["/image/?id=7", "/image/?id=7"],
  [null, "/gallery/"],
  ["//elsewhere.example", "/gallery/"],
  ["/\\elsewhere.example", "/gallery/"],
  ["https://elsewhere.example/", "/gallery/"],
  ["/login/?next=/login/", "/gallery/"],
])("goes from ?next=%s to %s", (next, address) => {
  expect(addressAfterSignIn(next)).toBe(address);
});
