"use client";

import { useEffect, useState } from "react";

/** Files dragged over the page, anywhere: whether there are any now; `onFiles` gets the dropped. */
export function useFileDrop(onFiles: (files: File[]) => void): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Entering a child fires before leaving its parent: count, or the hint flickers.
    let depth = 0;
    function onEnter(event: DragEvent) {
      if (hasFiles(event)) {
        depth += 1;
        setOver(true);
      }
    }
    function onLeave(event: DragEvent) {
      if (hasFiles(event)) {
        depth = Math.max(0, depth - 1);
        setOver(depth > 0);
      }
    }
    function onOver(event: DragEvent) {
      if (hasFiles(event)) {
        event.preventDefault(); // or the browser opens what is dropped
      }
    }
    function onDrop(event: DragEvent) {
      if (hasFiles(event)) {
        event.preventDefault();
        depth = 0;
        setOver(false);
        onFiles([...(event.dataTransfer?.files ?? [])]);
      }
    }
    addEventListener("dragenter", onEnter);
    addEventListener("dragleave", onLeave);
    addEventListener("dragover", onOver);
    addEventListener("drop", onDrop);
    return () => {
      removeEventListener("dragenter", onEnter);
      removeEventListener("dragleave", onLeave);
      removeEventListener("dragover", onOver);
      removeEventListener("drop", onDrop);
    };
  }, [onFiles]);
  return over;
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
