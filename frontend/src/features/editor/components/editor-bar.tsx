"use client";

import { ArrowLeft, Redo2, Undo2 } from "lucide-react";
import Link from "next/link";
import type { MouseEvent } from "react";
import type { PipelineBody } from "@/api/tasks/pipeline-body";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Tooltip } from "@/components/ui/tooltip";
import { paths } from "@/lib/routes";
import { useShortcuts } from "@/lib/shortcuts/registry";
import { goBackTo } from "@/lib/url/history-place";
import { redoChange, undoChange, useEditor } from "../model/store";
import { EditorMenu } from "./editor-menu";

interface EditorBarProps {
  imageId: number;
  name: string;
  body: PipelineBody;
  applying: boolean;
  /** Why Apply is disabled; null if it is not. */
  blocked: string | null;
  onApply: () => void;
}

export function EditorBar({ imageId, name, body, applying, blocked, onApply }: EditorBarProps) {
  const canUndo = useEditor(({ history }) => history.past.length > 0);
  const canRedo = useEditor(({ history }) => history.future.length > 0);
  useShortcuts([
    { keys: "mod+z", label: "Undo", group: "Editor", run: undoChange },
    { keys: "mod+shift+z", label: "Redo", group: "Editor", run: redoChange },
    { keys: "mod+y", label: "Redo", group: "Editor", run: redoChange },
    {
      keys: "mod+Enter",
      label: "Apply",
      group: "Editor",
      inFields: true,
      run: () => blocked === null && !applying && onApply(),
    },
  ]);
  return (
    <div className="top-14 z-20 flex h-14 shrink-0 items-center gap-1 border-b bg-surface px-2 max-lg:[@media(min-height:40rem)]:sticky sm:px-4">
      <Tooltip label="Back to the gallery" repeatsName>
        <Button asChild variant="ghost" size="icon">
          <Link href={paths.gallery} aria-label="Back to the gallery" onClick={goBack}>
            <ArrowLeft aria-hidden />
          </Link>
        </Button>
      </Tooltip>
      <h1 className="min-w-0 flex-1 truncate font-medium text-sm" title={name}>
        {name}
      </h1>
      <IconButton label="Undo" keys="mod+z" size="icon" disabled={!canUndo} onClick={undoChange}>
        <Undo2 aria-hidden />
      </IconButton>
      <IconButton
        label="Redo"
        keys="mod+shift+z"
        size="icon"
        disabled={!canRedo}
        onClick={redoChange}
      >
        <Redo2 aria-hidden />
      </IconButton>
      <EditorMenu imageId={imageId} body={body} />
      <Tooltip
        label={blocked ?? "Create the full-size result"}
        keys={blocked ? undefined : "mod+Enter"}
      >
        <Button
          className="ml-1"
          busy={applying}
          aria-disabled={blocked !== null || undefined}
          onClick={() => blocked === null && onApply()}
        >
          Apply
        </Button>
      </Tooltip>
    </div>
  );
}

/** Return to the gallery as it was: its filters and its place. A new tab opens the gallery afresh. */
function goBack(event: MouseEvent): void {
  const newTab = event.metaKey || event.ctrlKey || event.shiftKey;
  if (!newTab && goBackTo(paths.gallery)) {
    event.preventDefault();
  }
}
