"use client";

import { useEffect, useEffectEvent, useState } from "react";

/** Call `onFiles` with files that are dropped on the page. @returns whether files are over it now */
export function useFileDrop(onFiles: (files: File[]) => void): boolean {
  const [over, setOver] = useState(false);
  const take = useEffectEvent(onFiles);
  useEffect(() => {
    // A child is entered before its parent is left. Without counting, the hint would flicker.
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
        event.preventDefault(); // or the browser opens the file
      }
    }
    function onDrop(event: DragEvent) {
      if (hasFiles(event)) {
        event.preventDefault();
        depth = 0;
        setOver(false);
        take([...(event.dataTransfer?.files ?? [])]);
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
  }, []);
  return over;
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
