import type { ReactNode } from "react";

/** The centred column of a page, with margins. Only the gallery and the editor are wider. */
export default function CentredLayout({ children }: { children: ReactNode }) {
  return <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-6 sm:py-8">{children}</div>;
}
