"use client";

import Link from "next/link";
import { previewOf } from "@/api/images/schema";
import { Picture } from "@/components/picture/picture";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/lib/cn";
import { formatBytes, formatDate } from "@/lib/format";
import { imageAddress } from "@/lib/routes";
import { useSelection } from "../selection";
import { SelectBox } from "./select-box";
import { onImageClick, type TileProps } from "./tile";

/** An image in the list. */
export function ListRow({ image, index, order, onLost }: TileProps) {
  const { id, file_name: name, status, metadata, tags } = image;
  const selected = useSelection((state) => state.selected.has(id));
  return (
    <div
      data-tile={index}
      className={cn(
        "flex h-16 items-center gap-3 border-b px-2 transition-colors hover:bg-muted/60",
        selected && "bg-primary-soft hover:bg-primary-soft",
      )}
    >
      <SelectBox image={image} order={order} />
      <Link
        href={imageAddress(id)}
        prefetch={false}
        onClick={(event) => onImageClick(event, id, order)}
        className="flex min-w-0 flex-1 items-center gap-4 rounded-lg"
      >
        <Picture
          src={status === "ready" ? previewOf(image) : null}
          thumbhash={metadata.thumbhash}
          onLost={() => onLost(id)}
          className="size-12 shrink-0 rounded-lg"
        />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{name}</span>
          <span className="block truncate text-muted-foreground text-xs">
            {status === "failed"
              ? (image.error_message ?? "This image cannot be opened.")
              : tags.join(", ")}
          </span>
        </span>
        {status !== "ready" && (
          <Badge tone={status === "failed" ? "danger" : "primary"}>
            {status === "failed" ? "Failed" : "Importing"}
          </Badge>
        )}
        <span className="w-28 text-right text-muted-foreground text-xs tabular-nums max-md:hidden">
          {metadata.width !== undefined && `${metadata.width} × ${metadata.height}`}
        </span>
        <span className="w-14 text-muted-foreground text-xs max-sm:hidden">{metadata.format}</span>
        <span className="w-16 text-right text-muted-foreground text-xs tabular-nums">
          {metadata.size_bytes !== undefined && formatBytes(metadata.size_bytes)}
        </span>
        <span className="w-24 text-right text-muted-foreground text-xs max-lg:hidden">
          {formatDate(image.created_at)}
        </span>
      </Link>
    </div>
  );
}
