import { expect, it } from "vitest";
import { focusStep } from "./step-focus";

const TITLE = '<li data-step="a"><button aria-expanded="true">Crop</button></li>';

it("focuses the title of a new step", () => {
  document.body.innerHTML = TITLE;
  focusStep("a");
  expect(document.activeElement).toHaveTextContent("Crop");
});

it("focuses the rectangle of a crop that is on the picture already", () => {
  document.body.innerHTML = `${TITLE}<div class="ReactCrop__crop-selection" tabindex="0"></div>`;
  focusStep("a");
  expect(document.activeElement).toHaveClass("ReactCrop__crop-selection");
});
