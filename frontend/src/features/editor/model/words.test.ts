import { describe, expect, it } from "vitest";
import { catalogue, operation } from "@/test/catalogue";
import { readForm } from "./parameters";
import { optionOf } from "./words";

function choiceOf(operationName: string, name: string) {
  const found = readForm(operation(operationName).parameters).parameters.find(
    (one) => one.name === name,
  );
  if (found?.kind !== "choice") {
    throw new Error(`${operationName} has no choice ${name}`);
  }
  return found;
}

it.each([
  ["watermark", "position", "southeast", "Bottom right", "Where the watermark lies."],
  ["watermark", "position", "tile", "Repeated", "Repeated all over the picture."],
  ["watermark", "position", "", "Automatic", /an image lies at the bottom right/],
  ["resize", "fit", "fill", "Fill (stretch)", /stretched/],
  ["resize", "fit", "contain", "Contain", /whole picture/],
  ["crop", "anchor", "face", "Faces", /Around faces/],
  ["pop_art", "palette", "neon", "Neon", "The inks, from dark to light."],
])("%s: %s %j is %s", (name, parameter, option, label, hint) => {
  const words = optionOf(choiceOf(name, parameter), option);
  expect(words.label).toBe(label);
  expect(words.hint).toMatch(hint);
});

it("shows an option that is newer than the page by its name", () => {
  const parameter = { name: "fit", description: "How it fits. new_way: by magic." };
  expect(optionOf(parameter, "new_way")).toEqual({ label: "New way", hint: "How it fits." });
});

const FORMS = catalogue().map(({ name, parameters }) => [name, readForm(parameters)] as const);

describe.each(FORMS)("%s", (_, form) => {
  it("has no word of the API in what people read", () => {
    const texts = form.parameters.flatMap((parameter) =>
      parameter.kind === "choice"
        ? ["", ...parameter.options].flatMap((option) => {
            const { label, hint } = optionOf(parameter, option);
            return [parameter.label, label, hint];
          })
        : [parameter.label, parameter.description],
    );
    for (const text of texts) {
      expect(text).not.toMatch(/\b(north|south)(east|west)?\b|\b[Ii]ds?\b|\banchor\b|_|^[a-z]+: /);
      expect(text).not.toMatch(/\. [a-z]+: /);
    }
  });
});
