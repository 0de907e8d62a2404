"use client";

import { useId } from "react";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Slider } from "@/components/ui/slider";
import { Switch } from "@/components/ui/switch";
import { useConfig } from "@/lib/use-config";
import type { Output } from "../model/pipeline";
import { changePipeline } from "../model/store";

/** Formats whose files can be made smaller by a lower quality. */
const LOSSY = new Set(["jpeg", "webp", "avif", "heic", "jxl"]);
const DEFAULT_QUALITY = 85;

interface OutputPanelProps {
  output: Output;
  /** What the source is, for "as the original". */
  sourceFormat: string | undefined;
}

/** How the result is written. */
export function OutputPanel({ output, sourceFormat }: OutputPanelProps) {
  const { outputFormats } = useConfig();
  const autoId = useId();
  const written = output.format ?? sourceFormat?.toLowerCase() ?? "";
  const set = (changes: Partial<Output>, about: string) =>
    changePipeline((before) => ({ ...before, output: { ...before.output, ...changes } }), about);
  return (
    <div className="flex flex-col gap-4">
      <Field label="Format">
        <Select
          value={output.format ?? ""}
          onChange={(event) => set({ format: event.target.value || null }, "")}
        >
          <option value="">As the original{sourceFormat ? ` (${sourceFormat})` : ""}</option>
          {outputFormats.map((format) => (
            <option key={format} value={format.toLowerCase()}>
              {format}
            </option>
          ))}
        </Select>
      </Field>
      {LOSSY.has(written) && (
        <>
          <div className="flex items-start justify-between gap-4">
            <div>
              <label htmlFor={autoId} className="font-medium text-sm">
                Automatic quality
              </label>
              <p className="mt-0.5 text-muted-foreground text-xs leading-relaxed">
                The smallest file that still looks the same.
              </p>
            </div>
            <Switch
              id={autoId}
              checked={output.quality === "auto"}
              onCheckedChange={(auto) => set({ quality: auto ? "auto" : null }, "")}
            />
          </div>
          {output.quality !== "auto" && (
            <Field label="Quality" aside={String(output.quality ?? DEFAULT_QUALITY)}>
              <Slider
                aria-label="Quality"
                min={1}
                max={100}
                step={1}
                value={output.quality ?? DEFAULT_QUALITY}
                onValueChange={(quality) => set({ quality }, "quality")}
              />
            </Field>
          )}
        </>
      )}
    </div>
  );
}
