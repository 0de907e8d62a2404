"use client";

import { useEffect, useEffectEvent, useState } from "react";
import { type Dropped, readDrop } from "./dropped-files";

/** Call `onDrop` with what is dropped on the page. @returns whether files are over it now */
export function useFileDrop(onDrop: (dropped: Dropped) => void): boolean {
  const [over, setOver] = useState(false);
  const take = useEffectEvent(onDrop);
  useEffect(() => {
    // A child is entered before its parent is left. Without counting, the hint would flicker.
    let depth = 0;
    const listening = new AbortController();
    const listen = (
      type: "dragenter" | "dragleave" | "dragover" | "drop",
      handle: (event: DragEvent) => void,
    ) =>
      addEventListener(
        type,
        (event) => {
          if (event.dataTransfer?.types.includes("Files")) {
            handle(event);
          }
        },
        { signal: listening.signal },
      );
    listen("dragenter", () => {
      depth += 1;
      setOver(true);
    });
    listen("dragleave", () => {
      depth = Math.max(0, depth - 1);
      setOver(depth > 0);
    });
    listen("dragover", (event) => {
      event.preventDefault(); // or the browser opens the file
      if (event.dataTransfer) {
        event.dataTransfer.dropEffect = "copy"; // `DropGuard` ran before and refused the files
      }
    });
    listen("drop", (event) => {
      event.preventDefault();
      depth = 0;
      setOver(false);
      if (event.dataTransfer) {
        void readDrop(event.dataTransfer).then((dropped) => take(dropped));
      }
    });
    return () => listening.abort();
  }, []);
  return over;
}
