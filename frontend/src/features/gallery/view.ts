import { create } from "zustand";
import { persist } from "zustand/middleware";

export type View = "grid" | "list";

interface ViewState {
  view: View;
}

/** How the gallery is shown. Stored in this browser for every user. */
export const useView = create<ViewState>()(
  persist((): ViewState => ({ view: "grid" }), { name: "gallery-view" }),
);

export function setView(view: View): void {
  useView.setState({ view });
}
