"use client";

import { useEffect, useState } from "react";
import { isLoadError, reportError } from "@/lib/errors/report";

/** Report the error of a crashed page. @returns what is true about it, as sentences for people */
export function useReport(error: Error, component: string): string {
  const [reported, setReported] = useState(false);
  const missing = isLoadError(error);
  useEffect(() => {
    if (!missing) {
      void reportError(error, component).then(setReported);
    }
  }, [error, component, missing]);
  if (missing) {
    return "Part of the page could not be loaded. The server may be restarting, or there may be a new version. Reload to continue.";
  }
  return reported ? "The error has been reported." : "";
}
