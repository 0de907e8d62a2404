/** The look of what floats above the page at the control that opens it: menus and popovers. */
export const floating =
  "data-[state=closed]:fade-out-0 data-[state=open]:fade-in-0 data-[state=closed]:zoom-out-95 data-[state=open]:zoom-in-95 z-50 rounded-xl border bg-surface shadow-floating data-[state=closed]:animate-out data-[state=open]:animate-in";

/** Its distances to that control and to the edge of the window, px. */
export const floatingDistances = { sideOffset: 6, collisionPadding: 8 };
