"use client";

import { useQueryClient } from "@tanstack/react-query";
import { ImagePlus, SearchX } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useEffect, useRef } from "react";
import { loadPart } from "@/components/lazy-part";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { useWidth } from "@/lib/hooks/use-width";
import { useScrollPlace } from "@/lib/url/history-place";
import { countFilters, NO_FILTERS } from "../filters";
import { useFilters } from "../hooks/use-filters";
import { useFreshLink } from "../hooks/use-fresh-link";
import { useGalleryKeys } from "../hooks/use-gallery-keys";
import { useImages } from "../hooks/use-images";
import { useImports } from "../hooks/use-imports";
import { deleteWithUndo, resumeDeletions } from "../pending-deletions";
import { selection, useSelection } from "../selection";
import { useView } from "../view";
import { GallerySkeleton } from "./gallery-skeleton";
import { ImageList, type ImageListHandle } from "./image-list";
import { columnsFor } from "./measures";
import { Toolbar } from "./toolbar";

const SelectionBar = dynamic(
  () => loadPart(() => import("./selection-bar").then((all) => all.SelectionBar)),
  {
    ssr: false,
  },
);

interface GalleryProps {
  /** Buttons that add images, for an empty gallery. */
  addActions: ReactNode;
}

/** Shown until the address, which holds the filters, is known. */
export function GalleryFallback() {
  return (
    <div className="pb-3">
      <div className="mb-5 h-9 max-sm:mb-16">
        <Skeleton className="h-9 sm:max-w-sm" />
      </div>
      <GallerySkeleton view="grid" />
    </div>
  );
}

/** The user's images with search, filters and selection. */
export function Gallery({ addActions }: GalleryProps) {
  const [filters, setFilters] = useFilters();
  const query = useImages(filters);
  const { images, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const view = useView((state) => state.view);
  const [room, width] = useWidth();
  const columns = columnsFor(view, width || 1200);
  const list = useRef<ImageListHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const queries = useQueryClient();
  const onLost = useFreshLink();
  useImports(images);
  useScrollPlace(width > 0 && images.length > 0);
  useEffect(() => resumeDeletions(queries), [queries]);

  const order = images.map(({ id }) => id);
  const selected = useSelection((state) => state.selected);
  const ids = order.filter((id) => selected.has(id));
  useGalleryKeys({
    order,
    columns,
    focusAt: (index) => list.current?.focusAt(index),
    onSearch: () => search.current?.focus(),
    onDelete: () => {
      if (ids.length > 0) {
        deleteWithUndo(ids, queries);
        selection.clear();
      }
    },
  });

  const onEnd = () => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) {
      void fetchNextPage();
    }
  };
  const filtered = filters.search !== "" || countFilters(filters) > 0;

  return (
    <>
      <div className="-mx-4 -mt-3 sm:-mx-6 sticky top-14 z-20 bg-background/90 px-4 py-3 backdrop-blur-md sm:px-6">
        <Toolbar search={search} filters={filters} onChange={setFilters} view={view} />
      </div>
      <div ref={room} className="pt-2 pb-24">
        {query.isPending ? (
          <GallerySkeleton view={view} />
        ) : query.isError && images.length === 0 ? (
          <ErrorState query={query} />
        ) : images.length > 0 ? (
          <>
            <ImageList
              ref={list}
              images={images}
              order={order}
              view={view}
              columns={columns}
              width={width}
              onLost={onLost}
              onEnd={onEnd}
            />
            {isFetchingNextPage && <GallerySkeleton view={view} count={columns} />}
            {isFetchNextPageError && (
              <ErrorState query={{ ...query, refetch: fetchNextPage }} className="py-8" />
            )}
          </>
        ) : filtered ? (
          <EmptyState
            icon={<SearchX aria-hidden />}
            title="No matching images"
            actions={
              <Button variant="secondary" onClick={() => setFilters(NO_FILTERS)}>
                Show all images
              </Button>
            }
          >
            The search looks for words and parts of words in names, descriptions and tags. Try fewer
            words.
          </EmptyState>
        ) : (
          <EmptyState
            icon={<ImagePlus aria-hidden />}
            title="Your gallery is empty"
            actions={addActions}
            className="rounded-2xl border border-input border-dashed"
          >
            Drop pictures anywhere on this page, paste one, or choose some from your disk.
          </EmptyState>
        )}
      </div>
      {ids.length > 0 && <SelectionBar ids={ids} />}
    </>
  );
}
