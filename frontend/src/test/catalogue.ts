import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Operation } from "@/api/operations/schema";

type Schema = Record<string, unknown>;

interface Document {
  components: {
    schemas: Record<string, Schema> & {
      Pipeline: { items: { discriminator: { mapping: Record<string, string> } } };
    };
  };
}

const DOCS = join(import.meta.dirname, "../../../docs");

/**
 * The catalogue of operations, as `GET operations/` answers it.
 *
 * It is read from generated files: the schemas from the API document, the examples from the page of
 * operations. A new operation is included as soon as these are generated again.
 */
export function catalogue(): Operation[] {
  const { schemas } = (JSON.parse(readFileSync(join(DOCS, "openapi.json"), "utf8")) as Document)
    .components;
  const examples = readExamples();
  return Object.entries(schemas.Pipeline.items.discriminator.mapping).map(([name, reference]) => {
    const step = schemaOf(schemas, reference);
    const { params } = step.properties as Record<string, Schema>;
    const example = examples.get(name);
    if (!params || !example) {
      throw new Error(`${name} has no parameters or no example`);
    }
    return {
      name,
      group: "all",
      description: String(step.description),
      parameters: schemaOf(schemas, String(params.$ref)),
      example,
    };
  });
}

export function operation(name: string): Operation {
  const found = catalogue().find((one) => one.name === name);
  if (!found) {
    throw new Error(`No operation ${name}`);
  }
  return found;
}

function readExamples(): Map<string, Schema> {
  const lines = readFileSync(join(DOCS, "operations.md"), "utf8").split("\n");
  const examples = lines.filter((line) => line.startsWith('{"operation": '));
  return new Map(
    examples.map((line) => {
      const example = JSON.parse(line) as Schema;
      return [String(example.operation), example];
    }),
  );
}

/** The schema for a reference `#/components/schemas/X`. */
function schemaOf(schemas: Record<string, Schema>, reference: string): Schema {
  const found = schemas[reference.split("/").at(-1) ?? ""];
  if (!found) {
    throw new Error(`${reference} leads nowhere`);
  }
  return found;
}
