"use client";

import { Columns2, Image as ImageIcon, SplitSquareHorizontal } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { loadPart } from "@/components/lazy-part";
import { Skeleton } from "@/components/ui/skeleton";
import { ToggleGroup } from "@/components/ui/toggle-group";

const Comparison = dynamic(
  () => loadPart(() => import("./comparison").then((all) => all.default)),
  {
    ssr: false,
    loading: () => <Skeleton className="size-full rounded-none" />,
  },
);

type View = "slider" | "sides" | "result";

const VIEWS = [
  { value: "slider", label: "Before and after, with a slider", icon: <SplitSquareHorizontal /> },
  { value: "sides", label: "Side by side", icon: <Columns2 /> },
  { value: "result", label: "Result only", icon: <ImageIcon /> },
] as const;

interface ResultPictureProps {
  before: string | null;
  after: string;
  /** px; null until known */
  beforeSize: [number, number] | null;
  afterSize: [number, number] | null;
}

/** The result compared with its source image. */
export function ResultPicture({ before, after, beforeSize, afterSize }: ResultPictureProps) {
  const sameShape = isSameShape(beforeSize, afterSize);
  const [chosen, setChosen] = useState<View | null>(null);
  const view = before ? (chosen ?? (sameShape ? "slider" : "sides")) : "result";
  return (
    <div className="overflow-hidden rounded-2xl border bg-canvas shadow-raised">
      <div className="flex h-14 items-center justify-between gap-3 border-b bg-surface px-4">
        <h2 className="min-w-0 truncate font-medium text-sm">
          {before ? "Before and after" : "Result"}
        </h2>
        {before && <ToggleGroup label="View" value={view} onChange={setChosen} options={VIEWS} />}
      </div>
      <div className="h-[min(62vh,44rem)] min-h-64">
        {view === "slider" && before && <Comparison before={before} after={after} />}
        {view === "sides" && before && (
          <div className="grid h-full grid-cols-1 grid-rows-2 gap-px bg-border sm:grid-cols-2 sm:grid-rows-1">
            <Side label="Before" address={before} />
            <Side label="After" address={after} />
          </div>
        )}
        {view === "result" && <Side label="Result" address={after} />}
      </div>
    </div>
  );
}

function Side({ label, address }: { label: string; address: string }) {
  return (
    <figure className="checkered relative min-h-0 min-w-0">
      <img src={address} alt={label} className="size-full object-contain" />
      <figcaption className="absolute top-2 left-2 rounded-md bg-surface/90 px-2 py-0.5 font-medium text-xs shadow-raised">
        {label}
      </figcaption>
    </figure>
  );
}

function isSameShape(one: [number, number] | null, other: [number, number] | null): boolean {
  return !!one && !!other && Math.abs(one[0] / one[1] - other[0] / other[1]) < 0.01;
}
