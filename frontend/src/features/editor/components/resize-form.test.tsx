import { fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, it } from "vitest";
import { TooltipProvider } from "@/components/ui/tooltip";
import { operation } from "@/test/catalogue";
import { readForm } from "../model/parameters";
import { type Params, validate } from "../model/validate";
import { ResizeForm } from "./resize-form";

const FORM = readForm(operation("resize").parameters);
let params: Params = {};

function Page({ first }: { first: Params }) {
  const [current, setCurrent] = useState(first);
  params = current;
  return (
    <TooltipProvider>
      <ResizeForm
        form={FORM}
        params={current}
        errors={validate(FORM, current)}
        onChange={setCurrent}
      />
    </TooltipProvider>
  );
}

const show = (first: Params) => render(<Page first={first} />);
const field = (name: string) => screen.getByRole("spinbutton", { name });
const type = (name: string, value: string) => fireEvent.change(field(name), { target: { value } });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

it("keeps the proportions when width and height are typed", () => {
  show({ width: 640 });
  type("Width", "800");
  expect(params).toEqual({ width: 800 });
  type("Height", "600");
  expect(params).toEqual({ height: 600 });
  expect(field("Width")).toHaveValue(null);
  type("Height", "");
  expect(params).toEqual({});
  expect(screen.getByRole("alert")).toHaveTextContent("Enter width, height or scale.");
});

it("stretches only when unlocked", () => {
  show({ width: 640 });
  press("Lock proportions");
  type("Height", "600");
  expect(params).toEqual({ width: 640, height: 600 });
  type("Width", "");
  type("Width", "100");
  expect(params).toEqual({ width: 100, height: 600 });
  press("Lock proportions");
  expect(params).toEqual({ width: 100 });
});

it("shows a step that stretches as unlocked", () => {
  show({ width: 100, height: 600 });
  expect(screen.getByRole("button", { name: "Lock proportions" })).not.toBePressed();
  type("Width", "200");
  expect(params).toEqual({ width: 200, height: 600 });
});

it("takes both sides of a box to which the picture is fitted", () => {
  show({ width: 100, fit: "contain" });
  expect(screen.queryByRole("button", { name: "Lock proportions" })).toBeNull();
  type("Height", "50");
  expect(params).toEqual({ width: 100, height: 50, fit: "contain" });
});

it("takes per cent instead of pixels, and finds the pixels again", () => {
  show({ height: 300, kernel: "nearest" });
  fireEvent.click(screen.getByRole("radio", { name: "Size in per cent" }));
  expect(params).toEqual({ scale: 50, kernel: "nearest" });
  type("Scale", "");
  expect(field("Scale")).toBeInTheDocument();
  type("Scale", "1001");
  expect(field("Scale")).toHaveAccessibleDescription(/more than the maximum of 1,000 %/);
  type("Scale", "25");
  expect(params).toEqual({ scale: 25, kernel: "nearest" });
  fireEvent.click(screen.getByRole("radio", { name: "Size in pixels" }));
  expect(params).toEqual({ height: 300, kernel: "nearest" });
});

it("has no fit for a size in per cent, and finds it again with the pixels", () => {
  const box = { width: 100, height: 50, fit: "cover", anchor: "focal", focal_x: 0.2, focal_y: 0.3 };
  show({ ...box, kernel: "nearest" });
  fireEvent.click(screen.getByRole("radio", { name: "Size in per cent" }));
  expect(params).toEqual({ scale: 50, kernel: "nearest" });
  for (const name of [
    "Fit",
    "Part to keep",
    "Focal point, from the left",
    "Focal point, from the top",
  ]) {
    expect(screen.queryByLabelText(name, { selector: "input, select" })).toBeNull();
  }
  fireEvent.click(screen.getByRole("radio", { name: "Size in pixels" }));
  expect(params).toEqual({ ...box, kernel: "nearest" });
});

it("drops the fit of a recipe whose size is in per cent when the size is changed", () => {
  show({ scale: 50, fit: "contain" });
  type("Scale", "25");
  expect(params).toEqual({ scale: 25 });
});

it("never enlarges if told so", () => {
  show({ width: 100 });
  const never = screen.getByRole("switch", { name: "Never enlarge" });
  fireEvent.click(never);
  expect(params).toEqual({ width: 100, upscale: false });
  fireEvent.click(never);
  expect(params).toEqual({ width: 100 });
});

it("has the other parameters of the catalogue, too", () => {
  show({ width: 100 });
  for (const { label, name } of FORM.parameters) {
    if (!["width", "height", "scale", "upscale"].includes(name)) {
      expect(screen.getByLabelText(label, { selector: "input, select" })).toBeInTheDocument();
    }
  }
});
