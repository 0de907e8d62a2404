import { fireEvent, render, screen } from "@testing-library/react";
import { Undo2 } from "lucide-react";
import { expect, it } from "vitest";
import { IconButton } from "./icon-button";
import { TooltipProvider } from "./tooltip";

it("has its label once for screen readers, and the keys of its shortcut", async () => {
  render(
    <TooltipProvider>
      <IconButton label="Undo" keys="mod+z">
        <Undo2 aria-hidden />
      </IconButton>
    </TooltipProvider>,
  );
  const button = screen.getByRole("button", { name: "Undo" });
  fireEvent.focus(button);
  expect(await screen.findByRole("tooltip")).toHaveTextContent("Undo");
  expect(button).not.toHaveAccessibleDescription();
  expect(button).toHaveAttribute("aria-keyshortcuts", "Control+z");
});
