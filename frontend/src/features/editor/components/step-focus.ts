/** The button with the step's title, which opens and closes its form. */
export function findStepTitle(key: string): HTMLElement | null {
  return document.querySelector(`[data-step="${key}"] button[aria-expanded]`);
}

/** The rectangle of the crop that is drawn on the picture. */
export function findCropArea(): HTMLElement | null {
  return document.querySelector(".ReactCrop__crop-selection");
}

/**
 * Focus the step's title, or the rectangle if the new step is a crop that is shown already, and
 * scroll no further than needed to show its form.
 */
export function focusStep(key: string): void {
  const title = findStepTitle(key);
  (findCropArea() ?? title)?.focus({ preventScroll: true });
  title?.closest("[data-step]")?.scrollIntoView({ block: "nearest" });
  title?.scrollIntoView({ block: "nearest" }); // of a form that is higher than the screen, its title
}
