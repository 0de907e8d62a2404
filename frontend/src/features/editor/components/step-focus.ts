/** The button with the step's title, which opens and closes its form. */
export function findStepTitle(key: string): HTMLElement | null {
  return document.querySelector(`[data-step="${key}"] button[aria-expanded]`);
}

/** Focus the step's title, and scroll no further than needed to show its form. */
export function focusStep(key: string): void {
  const title = findStepTitle(key);
  title?.focus({ preventScroll: true });
  title?.closest("[data-step]")?.scrollIntoView({ block: "nearest" });
  title?.scrollIntoView({ block: "nearest" }); // of a form that is higher than the screen, its title
}
