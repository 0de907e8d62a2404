import { Skeleton } from "@/components/ui/skeleton";
import type { View } from "../view";
import { GRID } from "./measures";

interface GallerySkeletonProps {
  view: View;
  count?: number;
}

/** Placeholders while images are loading. CSS decides how many are in a row. */
export function GallerySkeleton({ view, count = 24 }: GallerySkeletonProps) {
  const places = Array.from({ length: count }, (_, index) => index);
  if (view === "list") {
    return (
      <div aria-hidden>
        {places.map((place) => (
          <div key={place} className="flex h-16 items-center gap-4 border-b px-2">
            <Skeleton className="size-5 rounded-md" />
            <Skeleton className="size-12" />
            <Skeleton className="h-4 w-1/3" />
          </div>
        ))}
      </div>
    );
  }
  return (
    <div aria-hidden className={GRID}>
      {places.map((place) => (
        <div key={place}>
          <Skeleton className="aspect-4/3 rounded-xl" />
          <Skeleton className="mt-2.5 h-3.5 w-2/3" />
          <Skeleton className="mt-1.5 mb-1 h-3 w-1/2" />
        </div>
      ))}
    </div>
  );
}
