import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
// biome-ignore lint/style/noRestrictedImports: what only tests need is not among the page's parts
import { fromJSONSchema } from "zod";
import { useSubmitPipeline } from "@/api/images/mutations";
import type { Operation } from "@/api/operations/schema";
import type { Step } from "@/api/tasks/schema";
import { TooltipProvider } from "@/components/ui/tooltip";
import { catalogue } from "@/test/catalogue";
import { anImage } from "@/test/images";
import { fakeServer, refusal } from "@/test/server";
import type { Parameter } from "../model/parameters";
import { readForm } from "../model/parameters";
import { fromSteps, newStep, toBody } from "../model/pipeline";
import { findStepErrors, readForms } from "../model/step-errors";
import { addStep, changeSteps, openImage, setOpenStep, useEditor } from "../model/store";
import { StepPanel } from "./step-panel";

const IMAGE = anImage(7);
const OPERATIONS = catalogue();

beforeEach(() => {
  openImage(IMAGE.id);
});

/** The panel as the editor has it, and a button that applies. */
function Panel({ operations, problem }: { operations: readonly Operation[]; problem?: unknown }) {
  const pipeline = useEditor(({ history }) => history.present);
  const openStep = useEditor((state) => state.openStep);
  const forms = readForms(operations);
  const errors = findStepErrors(pipeline.steps, forms, problem);
  const submit = useSubmitPipeline(IMAGE.id);
  return (
    <>
      <StepPanel
        image={IMAGE}
        pipeline={pipeline}
        operations={operations}
        forms={forms}
        errors={errors}
        openStep={openStep}
        frame={null}
        problem={problem ?? submit.error}
      />
      <button
        type="button"
        disabled={errors.size > 0}
        onClick={() => submit.mutate(toBody(pipeline))}
      >
        Apply
      </button>
    </>
  );
}

function show(operations: readonly Operation[] = OPERATIONS, problem?: unknown) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <TooltipProvider>
        <Panel operations={operations} problem={problem} />
      </TooltipProvider>
    </QueryClientProvider>,
  );
  const more = screen.queryByRole("button", { name: "More settings" });
  if (more) {
    fireEvent.click(more);
  }
}

/** Presses Apply and answers the parameters that the server was sent. */
async function applied(): Promise<Step["params"]> {
  const server = fakeServer(() => refusal(422, "refused"));
  fireEvent.click(screen.getByRole("button", { name: "Apply" }));
  await waitFor(() => expect(server.requests).toHaveLength(1));
  const body = server.requests[0]?.body as { transformations: Step[] } | undefined;
  expect(body?.transformations).toHaveLength(1);
  return body?.transformations[0]?.params ?? {};
}

/** Judged by the schema itself and not by what the form makes of it. */
function expectValid({ parameters }: Operation, params: Step["params"]): void {
  const { anyOf, oneOf, not: noneIsOn, ...rest } = parameters;
  expect(fromJSONSchema(rest).safeParse(params).error).toBeUndefined();
  if (noneIsOn) {
    expect(Object.values(params)).toContain(true);
  }
  const sets = ((anyOf ?? oneOf ?? []) as { required: string[] }[]).map(({ required }) => required);
  const given = sets.filter((names) => names.every((name) => name in params));
  if (sets.length > 0) {
    expect(given.length).toBeGreaterThan(0);
    expect(given.length).toBeLessThanOrEqual(oneOf ? 1 : sets.length);
  }
}

// Resize has a form of its own.
const GENERATED = OPERATIONS.filter(({ name }) => name !== "resize");

describe.each(GENERATED.map((one) => [one.name, one] as const))("%s", (_, operation) => {
  const form = readForm(operation.parameters);

  it("begins with an example that is valid", async () => {
    addStep(newStep(operation));
    show();
    for (const parameter of form.parameters) {
      expect(control(parameter)).toBeInTheDocument();
    }
    const params = await applied();
    expect(params).toEqual(operation.example.params);
    expectValid(operation, params);
  });

  it("sends the value of each control", async () => {
    addStep(newStep(operation));
    show();
    const settable = form.parameters.filter(
      ({ name }) => !(form.exactlyOne && isAlternative(form.alternatives, name)),
    );
    for (const parameter of settable) {
      set(parameter);
    }
    const params = await applied();
    for (const { name, fallback } of settable) {
      expect(params[name] ?? fallback, name).not.toEqual(
        (operation.example.params as Step["params"])[name] ?? fallback,
      );
    }
    expectValid(operation, params);
  });
});

it("shows an error at its control, and applies nothing", () => {
  const brightness = OPERATIONS.find(({ name }) => name === "brightness") as Operation;
  addStep(newStep(brightness));
  show();
  fireEvent.change(screen.getByRole("spinbutton", { name: "Amount" }), {
    target: { value: "101" },
  });
  const amount = screen.getByRole("spinbutton", { name: "Amount" });
  expect(amount).toBeInvalid();
  expect(amount).toHaveAccessibleDescription(/101 is more than the maximum of 100/);
  expect(screen.getByRole("button", { name: "Apply" })).toBeDisabled();
});

it("removes an emptied value, so that the default applies", async () => {
  const sharpen = OPERATIONS.find(({ name }) => name === "sharpen") as Operation;
  addStep(newStep(sharpen));
  show();
  fireEvent.change(screen.getByRole("spinbutton", { name: "Radius" }), { target: { value: "" } });
  expect(await applied()).toEqual({ amount: 120 });
});

it("shows an error of the server at its step, where steps that are off do not count", async () => {
  const { ApiProblem } = await import("@/lib/api/problem");
  changeSteps(() =>
    fromSteps([
      { operation: "flip", params: {} },
      { operation: "blur", params: { radius: 4 } },
    ]).map((step) => ({ ...step, on: step.operation === "blur" })),
  );
  setOpenStep(useEditor.getState().history.present.steps[1]?.key ?? null);
  const detail = "The picture is too large for it.";
  const pointer = "/transformations/0/params/radius";
  show(OPERATIONS, new ApiProblem(422, "invalid", "No.", "No", [{ pointer, code: "", detail }]));
  expect(screen.getByRole("spinbutton", { name: "Radius" })).toHaveAccessibleDescription(
    new RegExp(detail),
  );
});

it("shows an error about a parameter without a control", async () => {
  const { ApiProblem } = await import("@/lib/api/problem");
  changeSteps(() => fromSteps([{ operation: "flip", params: { sideways: true } }]));
  setOpenStep(useEditor.getState().history.present.steps[0]?.key ?? null);
  const pointer = "/transformations/0/params/sideways";
  const error = { pointer, code: "", detail: "flip has no such parameter." };
  show(OPERATIONS, new ApiProblem(422, "invalid", "No.", "No", [error]));
  expect(screen.getByRole("alert")).toHaveTextContent("Sideways: flip has no such parameter.");
});

it("explains a step whose operation the server does not know", () => {
  addStep({ key: "a", operation: "levitate", params: {}, on: true });
  show();
  expect(screen.getByText(/has no operation called levitate/)).toBeInTheDocument();
});

/** Its input, list or switch; a number may have a slider of the same name beside it. */
function control({ label }: Parameter): HTMLElement {
  const steps = within(screen.getByLabelText("Steps")); // the output panel has a quality, too
  return steps.getByLabelText(label, {
    selector: "input, select, button[role=switch], button[aria-haspopup=dialog]",
  });
}

/** Gives it a value that is neither the example's nor its default. */
function set(parameter: Parameter): void {
  const element = control(parameter);
  switch (parameter.kind) {
    case "switch":
    case "region":
      fireEvent.click(element);
      break;
    case "choice": {
      const options = within(element).getAllByRole("option") as HTMLOptionElement[];
      const other = options.findLast(({ selected }) => !selected) as HTMLOptionElement;
      fireEvent.change(element, { target: { value: other.value } });
      break;
    }
    case "number": {
      const { value } = element as HTMLInputElement;
      const taken = [value === "" ? null : Number(value), parameter.fallback];
      const free = [parameter.max, parameter.min].find((each) => !taken.includes(each));
      fireEvent.change(element, { target: { value: String(free) } });
      break;
    }
    case "color":
      fireEvent.change(element, { target: { value: "#123456" } });
      break;
    case "length":
      fireEvent.change(element, { target: { value: "20%" } });
      break;
    case "text":
      fireEvent.change(element, { target: { value: TEXTS[parameter.name] ?? "Any text" } });
  }
}

const TEXTS: Record<string, string> = { aspect: "16:9", format: "avif" };

function isAlternative(sets: readonly (readonly string[])[], name: string): boolean {
  return sets.some((names) => names.includes(name));
}

it("focuses the search for a step, and then the step that was added", async () => {
  changeSteps(() => []);
  show();
  fireEvent.click(screen.getByRole("button", { name: "Add a step" }));
  const search = await screen.findByRole("searchbox", { name: "Search steps" });
  await waitFor(() => expect(search).toHaveFocus());
  fireEvent.change(search, { target: { value: "grayscale" } });
  fireEvent.submit(search);
  await waitFor(() => expect(screen.getByRole("button", { name: "Grayscale" })).toHaveFocus());
});
