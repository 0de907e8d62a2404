"use client";

import { ImageDown } from "lucide-react";
import { toast } from "@/lib/toast";
import { addUploads } from "../queue";
import { useFileDrop } from "../use-file-drop";
import { useFilePaste } from "../use-file-paste";

interface DropZoneProps {
  /** Called when dropped or pasted files are in the queue. */
  onTaken?: () => void;
}

/** Uploads files and folders that are dropped, and files that are pasted, anywhere on the page. */
export function DropZone({ onTaken }: DropZoneProps) {
  const onFiles = (files: File[]) => {
    void addUploads(files);
    onTaken?.();
  };
  const over = useFileDrop(({ files, empty, unreadable }) => {
    if (files.length > 0) {
      onFiles(files);
    }
    for (const name of empty) {
      toast.show(`The folder “${name}” has no files`);
    }
    if (unreadable.length > 0) {
      toast.error("Some files could not be read", { description: unreadable.join(", ") });
    }
  });
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
