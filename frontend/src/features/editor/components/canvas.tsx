"use client";

import { Maximize, Minus, Plus, SplitSquareHorizontal } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useRef } from "react";
import { loadPart } from "@/components/lazy-part";
import { IconButton } from "@/components/ui/icon-button";
import { Skeleton } from "@/components/ui/skeleton";
import { Spinner } from "@/components/ui/spinner";
import { cn } from "@/lib/cn";
import { useShortcuts } from "@/lib/shortcuts/registry";
import { useZoom } from "../hooks/use-zoom";
import { Picture } from "./picture";

const CompareView = dynamic(
  () => loadPart(() => import("./compare-view").then((all) => all.default)),
  { ssr: false },
);

interface CanvasProps {
  before: string | null;
  after: string | null;
  busy: boolean;
  comparing: boolean;
  onCompare: (comparing: boolean) => void;
  /** Facts about the result. */
  caption: ReactNode;
}

/** The preview with zoom and pan, alone or compared with the original. */
export function Canvas({ before, after, busy, comparing, onCompare, caption }: CanvasProps) {
  const area = useRef<HTMLDivElement>(null);
  const { view, zoomAt, fit, handlers } = useZoom(area);
  useShortcuts([
    { keys: "+", label: "Zoom in", group: "Editor", run: () => zoomAt(1.4) },
    { keys: "-", label: "Zoom out", group: "Editor", run: () => zoomAt(1 / 1.4) },
    { keys: "0", label: "Fit the picture", group: "Editor", run: fit },
    {
      keys: "c",
      label: "Compare with the original",
      group: "Editor",
      run: () => onCompare(!comparing),
    },
  ]);
  return (
    <div className="flex size-full flex-col">
      <div
        ref={area}
        {...handlers}
        className={cn(
          "relative min-h-0 flex-1 touch-none overflow-hidden bg-canvas",
          view.scale > 1 && "cursor-grab active:cursor-grabbing",
        )}
      >
        {after === null ? (
          <Skeleton className="absolute inset-6" />
        ) : comparing && before ? (
          <CompareView before={before} after={after} view={view} />
        ) : (
          <Picture src={after} alt="Preview of the result" view={view} />
        )}
        <output
          aria-live="polite"
          className={cn(
            "absolute top-3 left-3 flex items-center gap-2 rounded-full bg-surface/90 px-3 py-1 text-xs shadow-raised transition-opacity delay-150",
            busy ? "opacity-100" : "opacity-0",
          )}
        >
          <Spinner />
          {busy ? "Updating" : ""}
        </output>
      </div>
      <div className="flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-t bg-surface px-3 py-1.5 sm:px-4">
        <div className="tabular-nums">{caption}</div>
        <div className="flex items-center gap-1">
          <IconButton
            label="Compare with the original"
            keys="c"
            aria-pressed={comparing}
            className={comparing ? "bg-muted" : undefined}
            onClick={() => onCompare(!comparing)}
          >
            <SplitSquareHorizontal aria-hidden />
          </IconButton>
          <IconButton
            label="Zoom out"
            keys="-"
            disabled={view.scale === 1}
            onClick={() => zoomAt(1 / 1.4)}
          >
            <Minus aria-hidden />
          </IconButton>
          <span className="w-10 text-center text-muted-foreground text-xs tabular-nums">
            {view.scale === 1 ? "Fit" : `${view.scale.toFixed(1)} ×`}
          </span>
          <IconButton label="Zoom in" keys="+" onClick={() => zoomAt(1.4)}>
            <Plus aria-hidden />
          </IconButton>
          <IconButton
            label="Fit the picture"
            hint="Fit"
            keys="0"
            disabled={view.scale === 1}
            onClick={fit}
          >
            <Maximize aria-hidden />
          </IconButton>
        </div>
      </div>
    </div>
  );
}
