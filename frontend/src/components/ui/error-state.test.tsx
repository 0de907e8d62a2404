import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { ApiProblem } from "@/lib/api/problem";
import { ErrorState } from "./error-state";

const query = (status: number, code: string) => ({
  error: new ApiProblem(status, code, "You have no such object.", "Not Found"),
  isFetching: false,
  refetch: () => undefined,
});

it("says that a thing is gone and leads back to the gallery, where trying again cannot help", () => {
  render(<ErrorState query={query(404, "not_found")} />);
  expect(screen.getByRole("alert")).toHaveTextContent("It may have been deleted");
  expect(screen.queryByText(/object/)).toBeNull();
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  expect(screen.getByRole("link", { name: "Go to the gallery" })).toBeInTheDocument();
});

it("offers to try again after any other error", () => {
  render(<ErrorState query={query(503, "busy")} />);
  expect(screen.getByRole("button", { name: "Try again" })).toBeInTheDocument();
});
