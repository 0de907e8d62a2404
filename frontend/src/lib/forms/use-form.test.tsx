import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Field, FormError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ApiProblem, NetworkProblem } from "@/lib/api/problem";
import { z } from "@/lib/zod";
import { useForm } from "./use-form";

const schema = z.object({ name: z.string(), url: z.string() });

function Example({ error }: { error: unknown }) {
  const form = useForm(schema, { name: "", url: "" }, () => Promise.reject(error));
  return (
    <form onSubmit={form.onSubmit}>
      <Field label="Name" {...form.field("name")}>
        <Input />
      </Field>
      <Field label="Address" {...form.field("url")}>
        <Input />
      </Field>
      <FormError>{form.error}</FormError>
      <button type="submit">Send</button>
    </form>
  );
}

async function alertsAfter(error: unknown) {
  render(<Example error={error} />);
  fireEvent.click(screen.getByRole("button"));
  const alerts = await screen.findAllByRole("alert");
  return alerts.map(({ textContent }) => textContent);
}

const problem = (...errors: [pointer: string, detail: string][]) =>
  new ApiProblem(
    400,
    "invalid",
    "The request is invalid.",
    "Invalid request",
    errors.map(([pointer, detail]) => ({ pointer, detail, code: "invalid" })),
  );

it("shows errors at their fields, and focuses the first of them", async () => {
  const error = problem(["/url", "Not an address."], ["/name", "Too long."]);
  expect(await alertsAfter(error)).toEqual(["Too long.", "Not an address."]);
  expect(screen.getByLabelText("Name")).toHaveFocus();
  expect(screen.getByLabelText("Address")).toBeInvalid();
});

it("shows the errors that belong to no field at the form", async () => {
  const error = problem(
    ["/url", "Not an address."],
    ["/size", "Too large."],
    ["", "Not both at once."],
  );
  expect(await alertsAfter(error)).toEqual([
    "Not an address.",
    "size: Too large. Not both at once.",
  ]);
});

it.each([
  ["a problem without fields", problem(), "The request is invalid."],
  [
    "a lost connection",
    new NetworkProblem(null),
    "The server may be restarting. Try again in a moment.",
  ],
])("explains %s at the form", async (_, error, message) => {
  expect(await alertsAfter(error)).toEqual([message]);
  expect(screen.getByLabelText("Name")).toBeValid();
});
