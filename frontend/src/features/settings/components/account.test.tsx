import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { useSessionStore } from "@/lib/session/store";
import { useToasts } from "@/lib/toast";
import { renderPage } from "@/test/render-page";
import { fakeServer, json, NO_CONTENT, refusal, type SentRequest } from "@/test/server";
import { DeleteAccount } from "./delete-account";
import { PasswordSection } from "./password-section";
import { ProfileSection } from "./profile-section";

const USER = {
  id: 1,
  username: "jane",
  email: "jane@example.com",
  first_name: "Jane",
  last_name: "",
  date_joined: "2026-01-01T00:00:00Z",
};

/** Answers what changes something by `answer`, and who is signed in. */
function server(answer: (request: SentRequest) => Response) {
  const made = fakeServer((request) => (request.method === "GET" ? json(USER) : answer(request)));
  return { changes: () => made.requests.filter(({ method }) => method !== "GET") };
}

const wrong = (field: string, detail: string) =>
  refusal(400, "invalid", { errors: [{ pointer: `/${field}`, code: "invalid", detail }] });
const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const toasts = () => useToasts.getState().toasts.map(({ title }) => title);

beforeEach(() => useToasts.setState({ toasts: [] }));

it("saves a changed name, and leaves the address alone", async () => {
  const { changes } = server(() => json({ ...USER, first_name: "Zoë" }));
  renderPage(<ProfileSection />);
  await screen.findByDisplayValue("Jane");
  expect(screen.getByRole("button", { name: "Save" })).toBeDisabled();
  type("First name", " Zoë ");
  press("Save");
  await waitFor(() => expect(toasts()).toEqual(["Profile saved"]));
  expect(changes().map(({ method, body }) => [method, body])).toEqual([
    ["PATCH", { first_name: "Zoë" }],
  ]);
  expect(screen.getByLabelText("First name")).toHaveValue("Zoë");
});

it("asks for the password with a new address, and shows an error at its field", async () => {
  const { changes } = server(() => wrong("password", "Not your password."));
  renderPage(<ProfileSection />);
  await screen.findByDisplayValue("jane@example.com");
  expect(screen.queryByLabelText("Current password")).toBeNull();
  type("E-mail", "zoe@example.com");
  type("Current password", "wrong");
  press("Save");
  await waitFor(() => expect(screen.getByLabelText("Current password")).toBeInvalid());
  expect(screen.getByText("Not your password.")).toBeInTheDocument();
  expect(changes()[0]?.body).toEqual({ email: "zoe@example.com", password: "wrong" });
});

it("shows the address that waits for its confirmation, and cancels the change", async () => {
  const waiting = { ...USER, pending_email: "zoe@example.com" };
  const { requests } = fakeServer(({ method }) => json(method === "GET" ? waiting : USER));
  renderPage(<ProfileSection />);
  expect(await screen.findByRole("status")).toHaveTextContent(
    "Waiting for confirmation of zoe@example.com.",
  );
  expect(screen.getByLabelText("E-mail")).toHaveValue("jane@example.com");
  press("Cancel the change");
  await waitFor(() => expect(screen.queryByText(/Waiting for confirmation/)).toBeNull());
  expect(requests.at(-1)).toMatchObject({ method: "PATCH", body: { email: "jane@example.com" } });
});

it("waits for the confirmation of a new address, and shows the present one", async () => {
  server(() => json({ ...USER, pending_email: "zoe@example.com" }));
  renderPage(<ProfileSection />);
  await screen.findByDisplayValue("jane@example.com");
  type("E-mail", "zoe@example.com");
  type("Current password", "right");
  press("Save");
  await screen.findByText("zoe@example.com");
  expect(screen.getByLabelText("E-mail")).toHaveValue("jane@example.com");
});

it("sends the new password twice although it is typed once, and then forgets it", async () => {
  const { changes } = server(() => json({ detail: "Done." }));
  renderPage(<PasswordSection />);
  type("Current password", "old one");
  type("New password", "a better one");
  press("Change password");
  await waitFor(() => expect(toasts()).toEqual(["Your password has been changed"]));
  expect(changes()[0]?.body).toEqual({
    old_password: "old one",
    new_password1: "a better one",
    new_password2: "a better one",
  });
  expect(screen.getByLabelText("New password")).toHaveValue("");
});

it("shows the rules, and the errors of the server at the field", async () => {
  server(() => wrong("new_password1", "This password is too common."));
  renderPage(<PasswordSection />);
  expect(screen.getByLabelText("New password")).toHaveAccessibleDescription(/at least 8/);
  type("Current password", "old one");
  type("New password", "password");
  press("Change password");
  await screen.findByText("This password is too common.");
  expect(screen.getByLabelText("New password")).toBeInvalid();
});

it("deletes the account with the right password, and ends the session", async () => {
  const { changes } = server(({ body }) =>
    (body as { password: string }).password === "right"
      ? NO_CONTENT()
      : wrong("password", "The password is not correct. Nothing was removed."),
  );
  renderPage(<DeleteAccount />);
  press("Delete account…");
  const dialog = within(screen.getByRole("alertdialog"));
  const confirm = () => fireEvent.click(dialog.getByRole("button", { name: "Delete account" }));
  confirm();
  await dialog.findByText("Enter your password.");
  expect(changes()).toEqual([]);
  type("Your password", "wrong");
  confirm();
  await dialog.findByText(/Nothing was removed/);
  expect(useSessionStore.getState().ended).toBeNull();
  type("Your password", "right");
  confirm();
  await waitFor(() => expect(useSessionStore.getState().ended).toBe("signed_out"));
  expect(changes().at(-1)).toMatchObject({ method: "DELETE", path: "/api/v1/auth/user/" });
});
