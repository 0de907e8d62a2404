"use client";

import { ImageDown } from "lucide-react";
import { useCallback } from "react";
import { addUploads } from "../queue";
import { useFileDrop } from "../use-file-drop";
import { useFilePaste } from "../use-file-paste";

interface DropZoneProps {
  /** Be told that files were dropped or pasted; they are in the queue by then. */
  onTaken?: () => void;
}

/** Makes the whole page take files that are dropped or pasted. */
export function DropZone({ onTaken }: DropZoneProps) {
  const onFiles = useCallback(
    (files: File[]) => {
      void addUploads(files);
      onTaken?.();
    },
    [onTaken],
  );
  const over = useFileDrop(onFiles);
  useFilePaste(onFiles);
  return over ? (
    <div className="fade-in-0 pointer-events-none fixed inset-0 z-50 flex animate-in items-center justify-center bg-background/80 p-4 backdrop-blur-sm">
      <div className="flex h-full w-full flex-col items-center justify-center gap-3 rounded-2xl border-2 border-primary border-dashed text-primary dark:text-primary-soft-foreground">
        <ImageDown aria-hidden className="size-10" />
        <p className="font-semibold text-lg">Drop to upload</p>
      </div>
    </div>
  ) : null;
}
