"use client";

import { useEffect, useEffectEvent } from "react";

/** Call `onFiles` with files that are pasted anywhere on the page. */
export function useFilePaste(onFiles: (files: File[]) => void): void {
  const take = useEffectEvent(onFiles);
  useEffect(() => {
    function onPaste(event: ClipboardEvent) {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        take(files.map(renamePasted));
      }
    }
    addEventListener("paste", onPaste);
    return () => removeEventListener("paste", onPaste);
  }, []);
}

/** Pictures from the clipboard are all called image.png. The time makes their names differ. */
function renamePasted(file: File): File {
  if (file.name !== "image.png") {
    return file;
  }
  const time = new Date().toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
  return new File([file], `Pasted ${time}.png`, { type: file.type });
}
