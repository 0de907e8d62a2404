"use client";

import { useEffect } from "react";

/** Pictures and files pasted anywhere on the page but into a text field. */
export function useFilePaste(onFiles: (files: File[]) => void): void {
  useEffect(() => {
    function onPaste(event: ClipboardEvent) {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        onFiles(files.map(named));
      }
    }
    addEventListener("paste", onPaste);
    return () => removeEventListener("paste", onPaste);
  }, [onFiles]);
}

/** A picture from the clipboard is always called image.png; the time tells several apart. */
function named(file: File): File {
  if (file.name !== "image.png") {
    return file;
  }
  const time = new Date().toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
  return new File([file], `Pasted ${time}.png`, { type: file.type });
}
