import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, expect, it } from "vitest";
import { operation } from "@/test/catalogue";
import { anImage } from "@/test/images";
import { renderPage } from "@/test/render-page";
import { fakeServer, json, refusal } from "@/test/server";
import { readForm } from "../model/parameters";
import { type Params, validate } from "../model/validate";
import { ParameterForm } from "./parameter-form";

const FORM = readForm(operation("watermark").parameters);
const LOGO = anImage(3, { file_name: "logo.png" });
const IMAGES = [anImage(5), anImage(4, { status: "importing" }), LOGO];

let params: Params;
let server: ReturnType<typeof fakeServer>;

beforeEach(() => {
  server = fakeServer(({ path }) => {
    if (path.includes("/images/?")) {
      const words = new URL(path, "http://any.invalid").searchParams.get("search") ?? "";
      const results = IMAGES.filter(({ file_name }) => file_name.includes(words));
      return json({ next: null, results });
    }
    const found = IMAGES.find(({ id }) => path.endsWith(`/images/${id}/`));
    return found ? json(found) : refusal(404, "not_found");
  });
});

function Page({ first }: { first: Params }) {
  const [current, setCurrent] = useState(first);
  params = current;
  return (
    <ParameterForm
      form={FORM}
      params={current}
      errors={validate(FORM, current)}
      onChange={setCurrent}
    />
  );
}

const show = (first: Params = {}) => renderPage(<Page first={first} />);
const button = (text: string) => screen.findByRole("button", { name: `Image: ${text}` });
const names = () => screen.getAllByRole("listitem").map(({ textContent }) => textContent);

it("chooses an image by its name, and sends its number", async () => {
  show();
  const opener = await button("Choose an image");
  expect(opener).toHaveAccessibleDescription("One of your images, laid over this one.");
  fireEvent.click(opener);
  const dialog = await screen.findByRole("dialog", { name: "Choose an image" });
  fireEvent.click(await within(dialog).findByRole("button", { name: "logo.png" }));
  expect(params).toEqual({ image_id: 3 });
  expect(await button("logo.png")).toHaveFocus();
  expect(screen.queryByRole("dialog")).toBeNull();
});

it("searches the images, and says when none matches", async () => {
  show();
  fireEvent.click(await button("Choose an image"));
  await screen.findByRole("button", { name: "photo-5.jpg" });
  expect(names()).toEqual(["photo-5.jpg", "logo.png"]); // one that is imported cannot be used yet
  const search = screen.getByRole("searchbox", { name: "Search images" });
  expect(search).toHaveFocus();
  fireEvent.change(search, { target: { value: " logo " } });
  await waitFor(() => expect(names()).toEqual(["logo.png"]));
  expect(server.requests.at(-1)?.path).toContain("search=logo");
  fireEvent.change(search, { target: { value: "zebra" } });
  expect(await screen.findByText("No image matches your search.")).toBeInTheDocument();
});

it("shows the image of a recipe, marks it in the list, and clears it", async () => {
  show({ image_id: 3 });
  fireEvent.click(await button("logo.png"));
  expect(await screen.findByRole("button", { name: "logo.png" })).toBePressed();
  expect(screen.getByRole("button", { name: "photo-5.jpg" })).not.toBePressed();
  fireEvent.keyDown(screen.getByRole("dialog"), { key: "Escape" });
  fireEvent.click(screen.getByRole("button", { name: "Clear image" }));
  expect(params).toEqual({});
  expect(await button("Choose an image")).toHaveFocus();
  expect(screen.queryByRole("button", { name: "Clear image" })).toBeNull();
});

it("says that the image of a recipe is gone, and takes another", async () => {
  show({ image_id: 99 });
  fireEvent.click(await button("This image no longer exists"));
  fireEvent.click(await screen.findByRole("button", { name: "photo-5.jpg" }));
  expect(params).toEqual({ image_id: 5 });
});

it("refuses what is no number", async () => {
  show({ image_id: "logo" });
  expect(await button("Choose an image")).toHaveAccessibleDescription(/Choose one of your images/);
});
