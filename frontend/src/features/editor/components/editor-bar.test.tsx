import { fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { useShortcutListener } from "@/lib/shortcuts/listen";
import { renderPage } from "@/test/render-page";
import { fakeServer, json } from "@/test/server";
import { EMPTY } from "../model/pipeline";
import { changePipeline, openImage, useEditor } from "../model/store";
import { EditorBar } from "./editor-bar";

function Bar() {
  useShortcutListener();
  const body = { transformations: [] };
  return (
    <EditorBar
      imageId={7}
      name="photo.jpg"
      body={body}
      applying={false}
      blocked={null}
      onApply={() => undefined}
    />
  );
}

it("redoes a change with Ctrl+Y, as with Ctrl+Shift+Z", () => {
  fakeServer(() => json({ next: null, results: [] }));
  openImage(7);
  changePipeline(() => ({ ...EMPTY, output: { ...EMPTY.output, format: "webp" } }));
  renderPage(<Bar />);
  const format = () => useEditor.getState().history.present.output.format;
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(format()).toBeNull();
  fireEvent.keyDown(document.body, { key: "y", ctrlKey: true });
  expect(format()).toBe("webp");
});
