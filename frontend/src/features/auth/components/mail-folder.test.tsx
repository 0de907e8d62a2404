import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, it, vi } from "vitest";
import { DEFAULT_CONFIG } from "@/lib/config";
import { fakeServer, json } from "@/test/server";
import { ForgotForm } from "./forgot-form";
import { SignupForm } from "./signup-form";

vi.mock("next/navigation", () => ({ useRouter: () => ({ replace: vi.fn() }) }));

function show(page: ReactNode, mailFolder: string | null) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  queries.setQueryData(["config"], { ...DEFAULT_CONFIG, mailFolder });
  fakeServer(() => json({ detail: "Sent." }));
  render(<QueryClientProvider client={queries}>{page}</QueryClientProvider>);
}

const fill = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });

it.each([
  [".data/mails", 1],
  [null, 0],
])("says where the mail is after a request for a new password: %s", async (folder, count) => {
  show(<ForgotForm />, folder);
  fill("E-mail", "jane@example.com");
  fireEvent.click(screen.getByRole("button"));
  await screen.findByText(/is on its way/);
  expect(screen.queryAllByText(".data/mails")).toHaveLength(count);
});

it("says where the mail is after a sign-up", async () => {
  show(<SignupForm next={null} />, ".data/mails");
  fill("E-mail", "jane@example.com");
  fill("Password", "correct horse battery");
  fireEvent.click(screen.getByRole("button", { name: "Create an account" }));
  await screen.findByText(/We have sent a link to/);
  expect(screen.getByText(".data/mails")).toBeInTheDocument();
});
