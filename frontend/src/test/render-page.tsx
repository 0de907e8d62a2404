import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { TooltipProvider } from "@/components/ui/tooltip";

/** Render a part of a page with its providers. Requests are not repeated. */
export function renderPage(children: ReactNode) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <QueryClientProvider client={queries}>
      <TooltipProvider>{children}</TooltipProvider>
    </QueryClientProvider>,
  );
}
