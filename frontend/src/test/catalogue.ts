import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Operation } from "@/api/operations/schema";

const FILE = join(import.meta.dirname, "../../../docs/operations.json");

/** The catalogue of operations, as `GET operations/` answers it: a file derived from the engine. */
export function catalogue(): Operation[] {
  return JSON.parse(readFileSync(FILE, "utf8")) as Operation[];
}

export function operation(name: string): Operation {
  const found = catalogue().find((one) => one.name === name);
  if (!found) {
    throw new Error(`No operation ${name}`);
  }
  return found;
}
