import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { useToasts } from "@/lib/toast";
import { aDelivery } from "@/test/deliveries";
import { renderPage } from "@/test/render-page";
import { fakeServer, json, NO_CONTENT, refusal, type SentRequest } from "@/test/server";
import { ApiKeys } from "./api-keys";
import { Webhooks } from "./webhooks";

const page = (...results: unknown[]) => json({ next: null, previous: null, results });
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole("button", { name }));
const check = (name: string) => fireEvent.click(screen.getByRole("checkbox", { name }));
const type = (label: string | RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });

function server(list: () => Response, answer: (request: SentRequest) => Response) {
  const made = fakeServer((request) => (request.method === "GET" ? list() : answer(request)));
  return { changes: () => made.requests.filter(({ method }) => method !== "GET") };
}

const KEY = {
  id: 4,
  name: "Backup",
  prefix: "abcd1234",
  scopes: ["images:read"],
  created_at: "2026-01-01T00:00:00Z",
  last_used_at: null,
  expires_at: null,
};

it("creates a key, shows it once, and lists its scopes", async () => {
  const created = { ...KEY, key: "abcd1234.secret", detail: "Keep it in a safe place." };
  const { changes } = server(page, () => json(created, 201));
  renderPage(<ApiKeys />);
  await screen.findByText(/No keys yet/);
  press("New key");
  type("Name", "Backup");
  check("Tasks");
  press("Create key");
  expect(await screen.findByLabelText("API key")).toHaveValue("abcd1234.secret");
  expect(changes()[0]?.body).toEqual({ name: "Backup", scopes: ["images:read", "tasks"] });
  expect(changes()[0]?.headers.get("Idempotency-Key")).toBeTruthy();
  fireEvent.keyDown(screen.getByLabelText("API key"), { key: "Escape" });
  expect(screen.getByLabelText("API key")).toHaveValue("abcd1234.secret");
  expect(screen.queryByRole("button", { name: "Close" })).toBeNull();
  press("I have saved it");
  expect(document.body).not.toHaveTextContent("abcd1234.secret");
  expect(screen.queryByLabelText("API key")).toBeNull();
});

it("requires a scope, includes the others in `*`, and sends the end of the day", async () => {
  const { changes } = server(page, () => refusal(409, "too_many_api_keys"));
  renderPage(<ApiKeys />);
  press("New key");
  check("Read images");
  press("Create key");
  await screen.findByText("Choose what the key may do.");
  expect(screen.getByText(/Choose a name/)).toBeInTheDocument();
  expect(changes()).toEqual([]);
  check("Everything");
  expect(screen.getByRole("checkbox", { name: "Tasks" })).toBeChecked();
  expect(screen.getByRole("checkbox", { name: "Tasks" })).toBeDisabled();
  type("Name", "Build");
  type("Valid until the end of", "2999-12-31");
  press("Create key");
  await screen.findByText("It is too_many_api_keys.");
  expect(changes()[0]?.body).toEqual({
    name: "Build",
    scopes: ["*"],
    expires_at: new Date("2999-12-31T23:59:59").toISOString(),
  });
});

it("explains a missing key when the first answer was lost", async () => {
  server(page, () => json({ ...KEY, key: null, detail: "An earlier request made it." }, 201));
  renderPage(<ApiKeys />);
  press("New key");
  type("Name", "Backup");
  press("Create key");
  await screen.findByText("An earlier request made it.");
  expect(screen.queryByLabelText("API key")).toBeNull();
});

it("deletes a key after a confirmation", async () => {
  const { changes } = server(
    () => page(KEY),
    () => NO_CONTENT(),
  );
  renderPage(<ApiKeys />);
  fireEvent.click(await screen.findByRole("button", { name: "Delete API key Backup" }));
  expect(changes()).toEqual([]);
  fireEvent.click(within(screen.getByRole("alertdialog")).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(changes()[0]?.path).toBe("/api/v1/auth/api-keys/4/"));
});

const WEBHOOK = {
  id: 3,
  url: "https://example.com/hook",
  description: "",
  events: ["task.failed"],
  enabled: true,
  disabled_reason: null,
  failing_since: null,
  created_at: "2026-01-01T00:00:00Z",
};

it("creates a webhook, and shows an error of the address at its field", async () => {
  let tries = 0;
  const refused = refusal(422, "forbidden_address", {
    errors: [{ pointer: "/url", code: "forbidden_address", detail: "Not on the public internet." }],
  });
  const { changes } = server(page, () =>
    ++tries === 1 ? refused : json({ ...WEBHOOK, secret: "whsec_1", detail: "Keep it." }, 201),
  );
  renderPage(<Webhooks />);
  press("New webhook");
  type("Address", "http://localhost/");
  check("A task is done");
  check("A batch has finished");
  press("Create webhook");
  await screen.findByText("Not on the public internet.");
  type("Address", "https://example.com/hook");
  press("Create webhook");
  expect(await screen.findByLabelText("Secret")).toHaveValue("whsec_1");
  expect(changes()[1]?.body).toEqual({
    url: "https://example.com/hook",
    events: ["task.failed"],
    description: "",
  });
});

it("says why the service disabled a webhook, and enables it again", async () => {
  const off = { ...WEBHOOK, enabled: false, disabled_reason: "gone" };
  const { changes } = server(
    () => page(off),
    () => json(WEBHOOK),
  );
  renderPage(<Webhooks />);
  await screen.findByText(/answered 410/);
  expect(screen.getByRole("button", { name: /Send test/ })).toBeDisabled();
  fireEvent.click(screen.getByRole("switch", { name: "https://example.com/hook: enabled" }));
  await waitFor(() => expect(screen.queryByText(/answered 410/)).toBeNull());
  expect(changes()[0]?.body).toEqual({ enabled: true });
  expect(screen.getByRole("switch")).toBeChecked();
});

it("sends a test, shows its outcome, and delivers again", async () => {
  const failed = aDelivery({
    id: 9,
    event: "webhook.test",
    status: "FAILED",
    attempts: [
      {
        at: "2026-03-01T11:00:00Z",
        milliseconds: 1234,
        status: 500,
        body: "oops",
        error_code: "refused",
        error_message: "The address answered 500.",
      },
    ],
  });
  const made = fakeServer(({ method, path }) =>
    method === "POST"
      ? json(failed, path.endsWith("/test/") ? 201 : 200)
      : page(path.includes("/deliveries/") ? failed : WEBHOOK),
  );
  renderPage(<Webhooks />);
  fireEvent.click(await screen.findByRole("button", { name: /Send test/ }));
  await screen.findByText("Answered 500");
  expect(screen.getByText(/after 1,234 ms/)).toBeInTheDocument();
  expect(screen.getByText("The address answered 500.")).toBeInTheDocument();
  press(/Redeliver/);
  await waitFor(() => expect(made.to("/api/v1/webhooks/deliveries/9/redeliver/")).toHaveLength(1));
  expect(useToasts.getState().toasts).toEqual([]);
});
