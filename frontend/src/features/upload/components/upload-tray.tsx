"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronDown, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { addToLists } from "@/api/images/list-cache";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { cn } from "@/lib/cn";
import { plural } from "@/lib/format";
import {
  cancelAllUploads,
  clearFinishedUploads,
  isActive,
  onUploaded,
  retryFailedUploads,
  type Upload,
  useUploadQueue,
} from "../queue";
import { useLeaveWarning } from "../use-leave-warning";
import { UploadRow } from "./upload-row";

const ROW = 64;
/** How long the list stays after every upload has succeeded, ms. */
const SUCCESS_DURATION = 8000;

/** The uploads of this visit, at the edge of every page until they have ended and are closed. */
export function UploadTray() {
  const uploads = useUploadQueue((state) => state.uploads);
  const paused = useUploadQueue((state) => state.paused);
  const [open, setOpen] = useState(true);
  const queries = useQueryClient();
  useEffect(() => onUploaded((image) => addToLists(queries, image)), [queries]);
  const active = uploads.filter(isActive);
  useLeaveWarning(active.length > 0);
  useAutoClose(uploads);
  if (uploads.length === 0) {
    return null;
  }
  const failed = uploads.filter(({ state, retryable }) => state === "failed" && retryable);
  return (
    <section
      ref={reserveRoom}
      aria-label="Uploads"
      className="fixed right-0 bottom-0 z-40 w-full max-w-sm sm:right-4 sm:bottom-4"
    >
      <div className="overflow-hidden border bg-surface shadow-floating max-sm:border-x-0 max-sm:border-b-0 sm:rounded-2xl">
        <div className="flex items-center gap-1 py-2 pr-2 pl-4">
          <div className="min-w-0 flex-1">
            <p role="status" className="truncate font-medium text-sm">
              {summary(uploads)}
            </p>
            {paused && active.length > 0 && (
              <p className="text-warning-soft-foreground text-xs">{paused}</p>
            )}
          </div>
          {failed.length > 1 && (
            <Button variant="ghost" size="sm" onClick={retryFailedUploads}>
              Retry all
            </Button>
          )}
          {active.length > 1 && (
            <Button variant="ghost" size="sm" onClick={cancelAllUploads}>
              Cancel all
            </Button>
          )}
          <Button
            variant="ghost"
            size="icon-sm"
            aria-expanded={open}
            aria-label={open ? "Hide the list of uploads" : "Show the list of uploads"}
            onClick={() => setOpen(!open)}
          >
            <ChevronDown
              aria-hidden
              className={cn("transition-transform", !open && "rotate-180")}
            />
          </Button>
          {active.length === 0 && (
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label="Close the list of uploads"
              onClick={clearFinishedUploads}
            >
              <X aria-hidden />
            </Button>
          )}
        </div>
        {active.length > 0 && (
          <Progress label="All uploads" value={share(uploads)} className="h-0.5 rounded-none" />
        )}
        {open && <Rows uploads={uploads} />}
      </div>
    </section>
  );
}

/** Close the list when every upload has succeeded, none is a duplicate, and nothing was damaged. */
function useAutoClose(uploads: readonly Upload[]): void {
  const succeeded =
    uploads.length > 0 &&
    uploads.every(
      ({ state, image }) =>
        state === "done" && image?.duplicate_of === null && image.metadata.warnings.length === 0,
    );
  useEffect(() => {
    if (succeeded) {
      const timer = setTimeout(clearFinishedUploads, SUCCESS_DURATION);
      return () => clearTimeout(timer);
    }
  }, [succeeded]);
}

/** A ref: sets the tray's height as a CSS variable, for other elements at the lower edge. */
function reserveRoom(tray: HTMLElement | null): (() => void) | undefined {
  if (!tray) {
    return;
  }
  const { style } = document.documentElement;
  const observer = new ResizeObserver(() =>
    style.setProperty("--upload-tray", `${tray.offsetHeight}px`),
  );
  observer.observe(tray);
  return () => {
    observer.disconnect();
    style.removeProperty("--upload-tray");
  };
}

function Rows({ uploads }: { uploads: readonly Upload[] }) {
  const room = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: uploads.length,
    getScrollElement: () => room.current,
    estimateSize: () => ROW,
    getItemKey: (index) => uploads[index]?.id ?? index,
    overscan: 4,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboard users must be able to scroll it
    <div ref={room} tabIndex={0} className="max-h-72 overflow-y-auto border-t">
      <ul className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ key, index, start }) => {
          const upload = uploads[index];
          return (
            upload && (
              <li
                key={key}
                data-index={index}
                ref={rows.measureElement}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                <UploadRow upload={upload} />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

function summary(uploads: readonly Upload[]): string {
  const active = uploads.filter(isActive).length;
  const done = uploads.filter(({ state }) => state === "done").length;
  const failed = uploads.filter(({ state }) => state === "failed").length;
  if (active > 0) {
    return `Uploading ${plural(active, "image")}`;
  }
  return [
    (done > 0 || failed === 0) && `${plural(done, "image")} uploaded`,
    failed > 0 && `${failed} failed`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** The progress of all uploads together, by bytes, 0..1. */
function share(uploads: readonly Upload[]): number {
  const counted = uploads.filter(({ state }) => state !== "failed" && state !== "cancelled");
  const total = counted.reduce((sum, { file }) => sum + file.size, 0);
  const sent = counted.reduce((sum, { file, progress }) => sum + file.size * progress, 0);
  return total === 0 ? 0 : sent / total;
}
