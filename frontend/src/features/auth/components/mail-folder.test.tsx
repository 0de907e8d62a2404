import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, it, vi } from "vitest";
import { DEFAULT_CONFIG } from "@/lib/config";
import { fakeServer, json, refusal } from "@/test/server";
import { ForgotForm } from "./forgot-form";
import { LoginForm } from "./login-form";
import { SignupForm } from "./signup-form";

vi.mock("next/navigation", () => ({ useRouter: () => ({ replace: vi.fn() }) }));

function show(
  page: ReactNode,
  mailFolder: string | null,
  answer = () => json({ detail: "Sent." }),
) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  queries.setQueryData(["config"], { ...DEFAULT_CONFIG, mailFolder });
  fakeServer(answer);
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
  await screen.findByText(count === 0 ? /is on its way/ : /there is now a link/);
  expect(screen.queryAllByText(".data/mails")).toHaveLength(count);
});

it.each([
  [".data/mails", /Open the confirmation link to show that/],
  [null, /We have sent a link to/],
])("says where the mail is after a sign-up: %s", async (folder, sentence) => {
  show(<SignupForm next={null} />, folder);
  fill("E-mail", "jane@example.com");
  fill("Password", "correct horse battery");
  fireEvent.click(screen.getByRole("button", { name: "Create an account" }));
  await screen.findByText(sentence);
  expect(screen.queryAllByText(".data/mails")).toHaveLength(folder === null ? 0 : 1);
  expect(screen.queryAllByText(/sent/)).toHaveLength(folder === null ? 1 : 0);
});

it("says where the mail is when an address is not confirmed at a sign-in", async () => {
  show(<LoginForm next={null} />, ".data/mails", () => refusal(403, "email_not_verified"));
  fill("E-mail or user name", "jane@example.com");
  fill("Password", "correct horse battery");
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  await screen.findByRole("button", { name: "Resend the link" });
  expect(screen.getByText(".data/mails")).toBeInTheDocument();
});
