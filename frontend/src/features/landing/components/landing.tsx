import { Layers, Lock, SquareStack, Terminal, Timer, Undo2 } from "lucide-react";
import type { ReactNode } from "react";
import { BRAND } from "@/lib/brand";
import { API_DOCS } from "@/lib/routes";
import { Demo } from "./demo";

const POINTS = [
  {
    icon: Layers,
    title: "Steps, not save-as",
    text: "Crop, colour, sharpen, watermark, paint: steps that you add, reorder and switch off, with a live preview. The original is never touched.",
  },
  {
    icon: SquareStack,
    title: "One picture or a thousand",
    text: "Save the steps as a preset and apply it to a whole selection. Everything comes back in one ZIP.",
  },
  {
    icon: Timer,
    title: "As small as can be",
    text: "JPEG, WebP, AVIF, PNG and more. Automatic quality finds the smallest file that still looks the same.",
  },
  {
    icon: Undo2,
    title: "Work that survives",
    text: "Close the tab, lose the network, restart the server: uploads, steps and tasks continue where they left off.",
  },
  {
    icon: Lock,
    title: "Yours alone",
    text: "It runs on your own machine. Files are private, and every link to one is signed and expires.",
  },
  {
    icon: Terminal,
    title: "An API behind every button",
    text: "Copy your steps as JSON or as a curl command, and let your own programs do the same.",
  },
];

interface LandingProps {
  /** Buttons below the headline. */
  actions: ReactNode;
}

export function Landing({ actions }: LandingProps) {
  return (
    <>
      <section className="mx-auto grid w-full max-w-6xl items-center gap-10 px-4 pt-10 pb-20 sm:px-6 lg:grid-cols-[1fr_1.05fr] lg:gap-16 lg:pt-20 lg:pb-28">
        <div>
          <h1 className="font-semibold text-4xl leading-[1.08] tracking-tighter sm:text-5xl lg:text-6xl">
            Every version of every picture.
          </h1>
          <p className="mt-5 max-w-md text-lg text-muted-foreground leading-relaxed">
            Upload once. Combine steps, watch the preview, and get any size, format and look, for
            one image or for all of them.
          </p>
          <div className="mt-8">{actions}</div>
        </div>
        <Demo />
      </section>
      <section className="border-t bg-surface">
        <div className="mx-auto w-full max-w-6xl px-4 py-16 sm:px-6 lg:py-24">
          <h2 className="max-w-xl font-semibold text-2xl tracking-tight sm:text-3xl">
            What an image service should be: quick to try, hard to break.
          </h2>
          <ul className="mt-10 grid gap-x-10 gap-y-9 sm:grid-cols-2 lg:grid-cols-3">
            {POINTS.map(({ icon: Icon, title, text }) => (
              <li key={title}>
                <Icon
                  aria-hidden
                  className="size-5 text-primary dark:text-primary-soft-foreground"
                />
                <h3 className="mt-3 font-semibold text-base tracking-tight">{title}</h3>
                <p className="mt-1.5 text-muted-foreground leading-relaxed">{text}</p>
              </li>
            ))}
          </ul>
        </div>
      </section>
      <footer className="border-t">
        <div className="mx-auto flex w-full max-w-6xl flex-wrap items-center justify-between gap-3 px-4 py-8 text-muted-foreground sm:px-6">
          <p>{BRAND}</p>
          <a href={API_DOCS} className="touch-target relative rounded-sm hover:text-foreground">
            API documentation
          </a>
        </div>
      </footer>
    </>
  );
}
