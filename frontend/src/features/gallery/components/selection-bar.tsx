"use client";

import { useQueryClient } from "@tanstack/react-query";
import { FileArchive, Trash2, WandSparkles, X } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useDownloadOriginals } from "@/api/images/mutations";
import { loadPart } from "@/components/lazy-part";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Tooltip } from "@/components/ui/tooltip";
import { plural } from "@/lib/format";
import { useConfig } from "@/lib/use-config";
import { deleteWithUndo } from "../pending-deletions";
import { selection } from "../selection";

const ApplyPresetDialog = dynamic(
  () => loadPart(() => import("./apply-preset-dialog").then((all) => all.ApplyPresetDialog)),
  { ssr: false },
);

interface SelectionBarProps {
  /** Never empty. */
  ids: readonly number[];
}

/** The actions for all selected images. */
export function SelectionBar({ ids }: SelectionBarProps) {
  const queries = useQueryClient();
  const { maxBatchImages } = useConfig();
  const [choosing, setChoosing] = useState(false);
  const { mutate: downloadOriginals, isPending: packing } = useDownloadOriginals();
  const tooMany = ids.length > maxBatchImages;
  const limit = tooMany ? `At most ${plural(maxBatchImages, "image")} at a time` : undefined;

  return (
    <section
      aria-label="Selected images"
      className="slide-in-from-bottom-4 fade-in-0 fixed inset-x-0 bottom-4 max-sm:bottom-[calc(var(--upload-tray,0px)+1rem)] z-30 mx-auto flex w-fit max-w-[calc(100vw-1rem)] animate-in items-center gap-1 rounded-2xl border bg-surface p-1.5 shadow-floating"
    >
      <IconButton label="Clear the selection" keys="Escape" onClick={selection.clear}>
        <X aria-hidden />
      </IconButton>
      <p role="status" className="mr-2 whitespace-nowrap font-medium text-sm tabular-nums">
        {ids.length} selected
      </p>
      <Button size="sm" disabled={tooMany} title={limit} onClick={() => setChoosing(true)}>
        <WandSparkles aria-hidden className="max-sm:hidden" />
        Apply preset
      </Button>
      <Button
        variant="ghost"
        size="sm"
        busy={packing}
        disabled={tooMany}
        title={limit}
        onClick={() => downloadOriginals(ids)}
      >
        {!packing && <FileArchive aria-hidden />}
        <span className="max-sm:sr-only">Download ZIP</span>
      </Button>
      <Tooltip label="Delete" keys="Delete" repeatsName>
        <Button
          variant="ghost"
          size="sm"
          className="text-danger-soft-foreground hover:bg-danger-soft"
          onClick={() => {
            deleteWithUndo(ids, queries);
            selection.clear();
          }}
        >
          <Trash2 aria-hidden />
          <span className="max-sm:sr-only">Delete</span>
        </Button>
      </Tooltip>
      {choosing && <ApplyPresetDialog open onOpenChange={setChoosing} ids={ids} />}
    </section>
  );
}
