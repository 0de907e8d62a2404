"use client";

import { useQuery } from "@tanstack/react-query";
import { ImageOff } from "lucide-react";
import { imageQuery } from "@/api/images/queries";
import { previewOf } from "@/api/images/schema";
import { cn } from "@/lib/cn";

/** The thumbnail of the source image. Tasks of the same image share one request. */
export function TaskPicture({ imageId, className }: { imageId: number; className?: string }) {
  const image = useQuery({ ...imageQuery(imageId), staleTime: 4 * 60_000 });
  const address = image.data ? previewOf(image.data) : null;
  return (
    <div className={cn("checkered shrink-0 overflow-hidden rounded-lg border", className)}>
      {address ? (
        <img src={address} alt="" loading="lazy" className="size-full object-cover" />
      ) : (
        image.isError && (
          <ImageOff aria-hidden className="m-auto h-full text-muted-foreground" size={16} />
        )
      )}
    </div>
  );
}
