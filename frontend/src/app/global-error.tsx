"use client";

import { useReport } from "@/lib/errors/use-report";
import { paths } from "@/lib/routes";
import "./globals.css";

/** Shown when the frame of all pages crashed. It must not use any part of that frame. */
export default function GlobalError({ error }: { error: Error }) {
  const report = useReport(error, "frame");
  return (
    <html lang="en">
      <body className="flex min-h-dvh flex-col items-center justify-center gap-4 p-6 text-center font-sans text-sm">
        <title>Something went wrong</title>
        <h1 className="font-semibold text-xl">Something went wrong</h1>
        <p className="text-muted-foreground">{report} Your images are safe on the server.</p>
        <a href={paths.landing} className="rounded-lg bg-primary px-4 py-2 text-primary-foreground">
          Start again
        </a>
      </body>
    </html>
  );
}
