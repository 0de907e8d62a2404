"use client";

import { useQuery } from "@tanstack/react-query";
import { WandSparkles } from "lucide-react";
import { useState } from "react";
import { useCreateBatch } from "@/api/batches/mutations";
import { presetsQuery } from "@/api/presets/queries";
import type { Preset } from "@/api/presets/schema";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { FormError } from "@/components/ui/field";
import { Skeleton } from "@/components/ui/skeleton";
import { explain } from "@/lib/errors/explain";
import { plural } from "@/lib/format";
import { selection } from "../selection";
import { watchBatch } from "../watched-batches";

interface ApplyPresetDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  ids: readonly number[];
}

/** A dialog that applies a preset to all of these images. */
export function ApplyPresetDialog({ open, onOpenChange, ids }: ApplyPresetDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open && <Choice ids={ids} close={() => onOpenChange(false)} />}
    </Dialog>
  );
}

function Choice({ ids, close }: { ids: readonly number[]; close: () => void }) {
  const presets = useQuery(presetsQuery);
  const batch = useCreateBatch();
  const [chosen, setChosen] = useState<number | null>(null);

  function apply() {
    if (chosen !== null) {
      batch.mutate(
        { image_ids: [...ids], preset: chosen },
        {
          onSuccess: ({ id }) => {
            watchBatch(id);
            selection.clear();
            close();
          },
        },
      );
    }
  }

  return (
    <DialogContent
      title={`Apply a preset to ${plural(ids.length, "image")}`}
      description="Each image gets a new version. The originals stay unchanged."
      footer={
        presets.data?.length ? (
          <>
            <DialogClose asChild>
              <Button variant="secondary">Cancel</Button>
            </DialogClose>
            <Button disabled={chosen === null} busy={batch.isPending} onClick={apply}>
              Apply
            </Button>
          </>
        ) : undefined
      }
    >
      {presets.isPending && (
        <div className="space-y-2">
          <Skeleton className="h-15" />
          <Skeleton className="h-15" />
        </div>
      )}
      {presets.isError && <ErrorState query={presets} className="py-6" />}
      {presets.data?.length === 0 && (
        <EmptyState
          icon={<WandSparkles aria-hidden />}
          title="No presets yet"
          className="py-8 sm:py-8"
        >
          Open an image, add steps, and save the steps as a preset.
        </EmptyState>
      )}
      {presets.data && presets.data.length > 0 && (
        <div className="space-y-3">
          <fieldset className="space-y-2">
            <legend className="sr-only">Preset</legend>
            {presets.data.map((preset) => (
              <PresetChoice
                key={preset.id}
                preset={preset}
                checked={chosen === preset.id}
                onChoose={() => setChosen(preset.id)}
              />
            ))}
          </fieldset>
          <FormError>{batch.error && explain(batch.error).detail}</FormError>
        </div>
      )}
    </DialogContent>
  );
}

interface PresetChoiceProps {
  preset: Preset;
  checked: boolean;
  onChoose: () => void;
}

function PresetChoice({ preset, checked, onChoose }: PresetChoiceProps) {
  const steps = preset.transformations.map(({ operation }) => operation.replaceAll("_", " "));
  return (
    <label className="flex items-start gap-3 rounded-xl border p-3 transition-colors hover:bg-muted has-checked:border-primary has-checked:bg-primary-soft has-focus-visible:outline-2 has-focus-visible:outline-ring">
      <input
        type="radio"
        name="preset"
        checked={checked}
        onChange={onChoose}
        className="mt-0.5 size-4 accent-primary outline-none"
      />
      <span className="min-w-0">
        <span className="block truncate font-medium">{preset.name}</span>
        <span className="block text-muted-foreground text-xs">
          {[...steps, preset.format].filter(Boolean).join(" → ")}
        </span>
      </span>
    </label>
  );
}
