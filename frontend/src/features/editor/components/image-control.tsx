"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ImagePlus, X } from "lucide-react";
import { useRef, useState } from "react";
import { imageKeys, imageQuery } from "@/api/images/queries";
import { type Image, previewOf } from "@/api/images/schema";
import { ImageChoice } from "@/components/picture/image-choice";
import { Picture } from "@/components/picture/picture";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { IconButton } from "@/components/ui/icon-button";
import { ApiProblem } from "@/lib/api/problem";
import { explain } from "@/lib/errors/explain";

interface ImageControlProps {
  id?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
  label: string;
  /** The id of an image. */
  value: unknown;
  onChange: (id: number | undefined) => void;
}

/** One of the user's images: a button that shows it and opens a dialog with the others. */
export function ImageControl({ label, value, onChange, ...field }: ImageControlProps) {
  const [open, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const queries = useQueryClient();
  const chosen = typeof value === "number" ? value : null;
  const query = useQuery({ ...imageQuery(chosen ?? 0), enabled: chosen !== null });
  const image = chosen === null ? undefined : query.data;
  const text = image?.file_name ?? (chosen === null ? "Choose an image" : describe(query.error));

  function choose(next: Image) {
    queries.setQueryData(imageKeys.detail(next.id), next);
    onChange(next.id);
    setOpen(false);
  }

  function clear() {
    onChange(undefined);
    trigger.current?.focus(); // the button that had the focus goes away
  }

  return (
    <div className="flex items-center gap-1">
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogTrigger asChild>
          <Button
            ref={trigger}
            variant="secondary"
            className="h-11 min-w-0 flex-1 justify-start px-1.5 pointer-coarse:h-11 aria-invalid:border-danger"
            {...field}
            // The label of the field alone would hide which image is chosen.
            aria-label={`${label}: ${text}`}
          >
            {image ? (
              <Picture
                src={previewOf(image)}
                thumbhash={image.metadata.thumbhash}
                className="size-8 shrink-0 rounded-md"
              />
            ) : (
              <span className="grid size-8 shrink-0 place-items-center rounded-md bg-muted text-muted-foreground">
                <ImagePlus aria-hidden />
              </span>
            )}
            <span className="truncate">{text}</span>
          </Button>
        </DialogTrigger>
        {open && (
          <DialogContent title="Choose an image" className="max-w-2xl">
            <ImageChoice isChosen={(id) => id === chosen} onPress={choose} />
          </DialogContent>
        )}
      </Dialog>
      {chosen !== null && (
        <IconButton label={`Clear ${label.toLowerCase()}`} hint="Clear" onClick={clear}>
          <X aria-hidden />
        </IconButton>
      )}
    </div>
  );
}

/** What the button says while the chosen image is not known. */
function describe(error: Error | null): string {
  if (error instanceof ApiProblem && error.code === "not_found") {
    return "This image no longer exists";
  }
  return error ? explain(error).title : "Loading …";
}
