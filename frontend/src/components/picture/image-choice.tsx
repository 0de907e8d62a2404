"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Check, Images, Search } from "lucide-react";
import { useState } from "react";
import { useHiddenImages } from "@/api/images/hidden-images";
import { imageChoiceQuery } from "@/api/images/queries";
import { type Image, previewOf } from "@/api/images/schema";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Input } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";
import { cn } from "@/lib/cn";
import { useDebounced } from "@/lib/hooks/use-debounced";

interface ImageChoiceProps {
  isChosen: (id: number) => boolean;
  /** Called when an image is pressed, chosen or not. */
  onPress: (image: Image) => void;
  /** The id of an image that is not offered. */
  except?: number;
}

/** The user's images to choose from in a dialog, with a search. */
export function ImageChoice({ isChosen, onPress, except }: ImageChoiceProps) {
  const [text, setText] = useState("");
  const search = useDebounced(text.trim(), 250);
  const hidden = useHiddenImages((state) => state.hidden);
  const images = useInfiniteQuery({
    ...imageChoiceQuery(search),
    placeholderData: keepPreviousData,
  });
  const offered = (images.data?.pages.flatMap((page) => page.results) ?? []).filter(
    ({ id, status }) => status === "ready" && id !== except && !hidden.has(id),
  );
  const empty = images.data && offered.length === 0 && !images.hasNextPage;
  return (
    <>
      <div className="sticky top-0 z-10 bg-surface pb-3">
        <div className="relative">
          <Search
            aria-hidden
            className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted-foreground"
          />
          <Input
            type="search"
            aria-label="Search images"
            placeholder="Search names, descriptions, tags"
            maxLength={200}
            autoComplete="off"
            className="pl-9"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      </div>
      {images.isPending && (
        <div className={GRID}>
          {[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((tile) => (
            <Skeleton key={tile} className="aspect-square" />
          ))}
        </div>
      )}
      {images.isError && <ErrorState query={images} />}
      {empty && search === "" && (
        <EmptyState
          icon={<Images aria-hidden />}
          title={except === undefined ? "No images" : "No other images"}
          className="py-10 sm:py-10"
        >
          Upload images in the gallery, then come back.
        </EmptyState>
      )}
      <p role="status" className="text-center text-muted-foreground text-sm">
        {empty && search !== "" && (
          <span className="block py-10">No image matches your search.</span>
        )}
      </p>
      <ul aria-label="Images" aria-busy={images.isPlaceholderData} className={GRID}>
        {offered.map((image) => (
          <li key={image.id} className="min-w-0">
            <Tile image={image} chosen={isChosen(image.id)} onPress={() => onPress(image)} />
          </li>
        ))}
      </ul>
      {images.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button
            variant="secondary"
            size="sm"
            busy={images.isFetchingNextPage}
            onClick={() => images.fetchNextPage()}
          >
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

const GRID = "grid grid-cols-3 gap-2 sm:grid-cols-5";

interface TileProps {
  image: Image;
  chosen: boolean;
  onPress: () => void;
}

function Tile({ image, chosen, onPress }: TileProps) {
  const address = previewOf(image);
  return (
    <button
      type="button"
      aria-pressed={chosen}
      title={image.file_name}
      onClick={onPress}
      // Below the search, which stays at the top.
      className="block w-full scroll-mt-16 rounded-lg text-left"
    >
      <span
        className={cn(
          "checkered relative block aspect-square overflow-hidden rounded-lg border",
          chosen && "ring-2 ring-primary ring-offset-2 ring-offset-surface",
        )}
      >
        {address && <img src={address} alt="" loading="lazy" className="size-full object-cover" />}
        {chosen && (
          <span className="absolute top-1.5 right-1.5 grid size-5 place-items-center rounded-full bg-primary text-primary-foreground">
            <Check aria-hidden className="size-3.5" />
          </span>
        )}
      </span>
      <span className="mt-1 block truncate text-xs">{image.file_name}</span>
    </button>
  );
}
