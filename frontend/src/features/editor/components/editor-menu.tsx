"use client";

import { useQuery } from "@tanstack/react-query";
import {
  BookmarkPlus,
  ClipboardPaste,
  Code,
  Download,
  Link2,
  MoreHorizontal,
  Terminal,
  Trash2,
} from "lucide-react";
import { useState } from "react";
import { originalPath, transformAddress } from "@/api/images/queries";
import { presetsQuery } from "@/api/presets/queries";
import type { PipelineBody } from "@/api/tasks/pipeline-body";
import { useDownload } from "@/components/download-button";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { copyText } from "@/lib/copy-text";
import { imageAddress } from "@/lib/routes";
import { toast } from "@/lib/toast";
import { EMPTY } from "../model/pipeline";
import { asCurl, asJson, toHash, toPipeline } from "../model/recipe";
import { changePipeline } from "../model/store";
import { PasteRecipe } from "./paste-recipe";
import { SavePreset } from "./save-preset";

interface EditorMenuProps {
  imageId: number;
  body: PipelineBody;
}

/** The actions for all steps: presets, copy and paste, download. */
export function EditorMenu({ imageId, body }: EditorMenuProps) {
  const presets = useQuery(presetsQuery);
  const download = useDownload();
  const [dialog, setDialog] = useState<"save" | "paste" | null>(null);
  const close = (open: boolean) => !open && setDialog(null);
  const none = body.transformations.length === 0;
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" size="icon" aria-label="Presets, copy and more">
            <MoreHorizontal aria-hidden />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end" className="w-60">
          <DropdownMenuItem disabled={none} onSelect={() => setDialog("save")}>
            <BookmarkPlus aria-hidden />
            Save as preset
          </DropdownMenuItem>
          {presets.data && presets.data.length > 0 && (
            <>
              <DropdownMenuSeparator />
              <DropdownMenuLabel>Use a preset</DropdownMenuLabel>
              {presets.data.slice(0, 12).map((preset) => (
                <DropdownMenuItem
                  key={preset.id}
                  onSelect={() => changePipeline(() => toPipeline(preset))}
                >
                  <span className="truncate">{preset.name}</span>
                </DropdownMenuItem>
              ))}
            </>
          )}
          <DropdownMenuSeparator />
          <DropdownMenuItem
            disabled={none}
            onSelect={() => copy(asJson(body), "Steps copied as JSON")}
          >
            <Code aria-hidden />
            Copy as JSON
          </DropdownMenuItem>
          <DropdownMenuItem
            disabled={none}
            onSelect={async () =>
              copy(
                asCurl(await transformAddress(imageId), body),
                "curl command copied",
                "Create an API key in the settings and store it in API_KEY.",
              )
            }
          >
            <Terminal aria-hidden />
            Copy as curl
          </DropdownMenuItem>
          <DropdownMenuItem
            disabled={none}
            onSelect={() =>
              copy(
                location.origin + imageAddress(imageId) + toHash(body),
                "Link copied",
                "It opens the editor with these steps.",
              )
            }
          >
            <Link2 aria-hidden />
            Copy link to these steps
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => setDialog("paste")}>
            <ClipboardPaste aria-hidden />
            Paste steps
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem onSelect={() => download.mutate(originalPath(imageId))}>
            <Download aria-hidden />
            Download the original
          </DropdownMenuItem>
          <DropdownMenuItem danger disabled={none} onSelect={() => changePipeline(() => EMPTY)}>
            <Trash2 aria-hidden />
            Remove all steps
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <SavePreset open={dialog === "save"} onOpenChange={close} body={body} />
      <PasteRecipe open={dialog === "paste"} onOpenChange={close} />
    </>
  );
}

async function copy(text: string, done: string, description?: string): Promise<void> {
  if (await copyText(text, text)) {
    toast.success(done, { description });
  }
}
