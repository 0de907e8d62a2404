"use client";

import { useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useDeletePreset } from "@/api/presets/mutations";
import { presetsQuery } from "@/api/presets/queries";
import type { Preset } from "@/api/presets/schema";
import { describeSteps } from "@/components/tasks/describe-steps";
import { Badge } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/icon-button";
import { paths } from "@/lib/routes";
import { DeleteButton } from "./delete-button";
import { RenamePreset } from "./rename-preset";
import { SettingList } from "./setting-list";
import { SettingsSection } from "./settings-section";

/** The presets: named pipelines. */
export function Presets() {
  const presets = useQuery(presetsQuery);
  return (
    <SettingsSection
      id="presets"
      description="Named steps that you can apply to one image or to many."
    >
      <SettingList
        query={presets}
        empty={
          <>
            No presets yet. Open an image from the{" "}
            <Link
              href={paths.gallery}
              className="text-primary underline underline-offset-4 dark:text-primary-soft-foreground"
            >
              gallery
            </Link>
            , add steps and choose “Save as preset”.
          </>
        }
      >
        {(preset) => <PresetRow key={preset.id} preset={preset} />}
      </SettingList>
    </SettingsSection>
  );
}

function PresetRow({ preset }: { preset: Preset }) {
  const remove = useDeletePreset();
  const [renaming, setRenaming] = useState(false);
  const { id, name, description, transformations, format, quality } = preset;
  return (
    <li className="flex items-start gap-1 py-3">
      <div className="mr-2 min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="break-words font-medium text-sm">{name}</span>
          {format && <Badge>{format.toUpperCase()}</Badge>}
          {quality !== null && <Badge>quality {quality}</Badge>}
        </p>
        {description && <p className="mt-0.5 break-words text-sm">{description}</p>}
        <p className="mt-0.5 break-words text-muted-foreground text-xs leading-relaxed">
          {describeSteps(transformations)}
        </p>
      </div>
      <IconButton label={`Rename preset ${name}`} hint="Rename" onClick={() => setRenaming(true)}>
        <Pencil aria-hidden />
      </IconButton>
      <DeleteButton
        label={`preset ${name}`}
        title={`Delete the preset “${name}”?`}
        description="Tasks that used it keep their steps. Links and programs that use it will stop working."
        id={id}
        mutation={remove}
      />
      {renaming && <RenamePreset preset={preset} onClose={() => setRenaming(false)} />}
    </li>
  );
}
