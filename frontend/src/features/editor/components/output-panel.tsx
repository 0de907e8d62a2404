"use client";

import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Slider } from "@/components/ui/slider";
import { SwitchField } from "@/components/ui/switch-field";
import { useConfig } from "@/lib/use-config";
import type { Output } from "../model/pipeline";
import { changePipeline } from "../model/store";
import { ColorControl } from "./color-control";

/** Formats with a quality setting. */
const LOSSY = new Set(["jpeg", "webp", "avif", "heic", "jxl"]);
/** Formats with a quality setting that can also be lossless. */
const EITHER = new Set(["webp", "jxl"]);
const DEFAULT_QUALITY = 85;

interface OutputPanelProps {
  output: Output;
  /** The format of the image, for "as the original". */
  sourceFormat: string | undefined;
}

/** The output options: format, quality, metadata, background. */
export function OutputPanel({ output, sourceFormat }: OutputPanelProps) {
  const { outputFormats } = useConfig();
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
          <option value="">Same as the original{sourceFormat ? ` (${sourceFormat})` : ""}</option>
          {outputFormats.map((format) => (
            <option key={format} value={format.toLowerCase()}>
              {format}
            </option>
          ))}
        </Select>
      </Field>
      {/* Other formats show it while it is on, so that a refused option can be switched off. */}
      {(EITHER.has(written) || output.lossless) && (
        <SwitchField
          label="Lossless"
          hint="Keeps every pixel exactly, in a larger file."
          checked={output.lossless === true}
          onChange={(lossless) => set({ lossless: lossless || null }, "")}
        />
      )}
      {LOSSY.has(written) && !output.lossless && (
        <>
          <SwitchField
            label="Automatic quality"
            hint="Finds the smallest file that still looks the same."
            checked={output.quality === "auto"}
            onChange={(auto) => set({ quality: auto ? "auto" : null }, "")}
          />
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
      <Field label="Metadata">
        <Select
          value={output.metadata ?? ""}
          onChange={(event) => set({ metadata: metadataOf(event.target.value) }, "")}
        >
          <option value="">Keep only artist, copyright and licence</option>
          <option value="keep">Keep everything except location and serial numbers</option>
          <option value="strip">Remove everything</option>
        </Select>
      </Field>
      <Field label="Background for transparent areas">
        <ColorControl
          value={output.background}
          fallback={null}
          onChange={(color) => set({ background: color ? String(color) : null }, "background")}
        />
      </Field>
    </div>
  );
}

function metadataOf(value: string): Output["metadata"] {
  return value === "keep" || value === "strip" ? value : null;
}
