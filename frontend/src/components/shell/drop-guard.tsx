"use client";

import { useEffect } from "react";

/** Keeps the browser from leaving the page for a file that is dropped where nothing takes it. */
export function DropGuard() {
  useEffect(() => {
    const listening = new AbortController();
    for (const type of ["dragover", "drop"] as const) {
      addEventListener(
        type,
        (event) => {
          if (!event.defaultPrevented && event.dataTransfer?.types.includes("Files")) {
            event.preventDefault();
            event.dataTransfer.dropEffect = "none";
          }
        },
        { signal: listening.signal },
      );
    }
    return () => listening.abort();
  }, []);
  return null;
}
