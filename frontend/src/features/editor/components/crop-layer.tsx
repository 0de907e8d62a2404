"use client";

import { Check } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import ReactCrop from "react-image-crop";
import "react-image-crop/dist/ReactCrop.css";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { useShortcuts } from "@/lib/shortcuts/registry";
import { type Frame, largest, type PercentBox, toBox, toParams } from "../model/crop-box";
import type { EditorStep } from "../model/pipeline";
import type { Params } from "../model/validate";
import { findCropArea, findStepTitle } from "./step-focus";

const ASPECTS = ["1:1", "4:3", "3:2", "16:9", "3:4", "2:3", "9:16"];

interface CropLayerProps {
  /** The picture before the crop. */
  src: string;
  /** The full size of that picture, px. */
  frame: Frame;
  step: EditorStep;
  onChange: (params: Params) => void;
  onShape: (step: EditorStep) => void;
  onDone: () => void;
  /** Called with the step as it was when the layer was opened. */
  onCancel: (before: EditorStep) => void;
}

/** A rectangle on the picture that is dragged, resized at its corners, or moved by arrow keys. */
export default function CropLayer(props: CropLayerProps) {
  const { src, frame, step, onChange, onShape, onDone, onCancel } = props;
  const { key, params } = step;
  const room = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Frame | null>(null);
  const [before] = useState(step);
  const aspect = keptShape(step, frame);
  // During a drag the exact numbers are shown. Rounding to whole pixels would make it jump.
  const [dragged, setDragged] = useState<PercentBox | null>(null);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setSize(entry?.contentRect ?? null));
    if (room.current) {
      observer.observe(room.current);
    }
    return () => observer.disconnect();
  }, []);
  useCropFocus(size !== null, key);
  useShortcuts([
    { keys: "Enter", label: "Finish the crop", group: "Crop", when: isOnPicture, run: onDone },
    {
      keys: "Escape",
      label: "Undo the crop’s changes",
      group: "Crop",
      when: isOnPicture,
      run: () => onCancel(before),
    },
  ]);
  const ratio = aspect === "" ? undefined : ratioOf(aspect, frame);
  return (
    <div className="flex size-full flex-col">
      <div ref={room} className="flex min-h-0 flex-1 items-center justify-center p-4 sm:p-6">
        {size !== null && (
          <ReactCrop
            crop={dragged ?? toBox(params, frame)}
            aspect={ratio}
            ruleOfThirds
            keepSelection
            onChange={(_, percent) => {
              const box = percent as PercentBox;
              setDragged(box);
              onChange(toParams(box, frame));
            }}
            onComplete={() => setDragged(null)}
            ariaLabels={{
              cropArea: "Part to keep; move it with the arrow keys",
              nwDragHandle: "Upper left corner",
              nDragHandle: "Upper edge",
              neDragHandle: "Upper right corner",
              eDragHandle: "Right edge",
              seDragHandle: "Lower right corner",
              sDragHandle: "Lower edge",
              swDragHandle: "Lower left corner",
              wDragHandle: "Left edge",
            }}
          >
            <img src={src} alt="Before the crop" draggable={false} style={enlarge(frame, size)} />
          </ReactCrop>
        )}
      </div>
      <div className="flex flex-wrap items-center justify-center gap-3 border-t bg-surface px-4 py-2.5">
        <Select
          aria-label="Shape"
          className="w-36"
          value={aspect}
          onChange={(event) => {
            const chosen = event.target.value;
            onShape(
              chosen === ""
                ? { ...step, shape: undefined }
                : {
                    ...step,
                    shape: chosen,
                    params: toParams(largest(ratioOf(chosen, frame), frame), frame),
                  },
            );
          }}
        >
          <option value="">Any shape</option>
          <option value="original">As it is</option>
          {ASPECTS.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </Select>
        <span className="text-muted-foreground text-sm tabular-nums">
          {String(params.width ?? "")} × {String(params.height ?? "")} px
        </span>
        <Button size="sm" onClick={onDone}>
          <Check aria-hidden />
          Done
        </Button>
      </div>
    </div>
  );
}

/** The picture as large as its room allows, as in the preview, so that small ones can be cropped, too. */
function enlarge(frame: Frame, room: Frame): Frame {
  const scale = Math.min(room.width / frame.width, room.height / frame.height);
  return { width: frame.width * scale, height: frame.height * scale };
}

function ratioOf(aspect: string, frame: Frame): number {
  const [width, height] = aspect === "original" ? [] : aspect.split(":").map(Number);
  return width && height ? width / height : frame.width / frame.height;
}

/** The chosen shape, unless the rectangle no longer has it because its numbers were edited. */
function keptShape({ shape, params }: EditorStep, frame: Frame): string {
  const { width, height } = params;
  if (!shape || typeof width !== "number" || typeof height !== "number") {
    return shape ?? "";
  }
  const ratio = ratioOf(shape, frame);
  // Both sides are rounded to whole pixels.
  const isKept = Math.abs(width - height * ratio) <= 1 + ratio;
  return isKept ? shape : "";
}

/** Whether the keys of the crop apply: the focus is on the picture, or on nothing. */
function isOnPicture(): boolean {
  const focused = document.activeElement;
  return !focused || focused === document.body || focused.closest(".ReactCrop") !== null;
}

/**
 * Move the focus from the step's title to the rectangle when it is there, so that its keys work at
 * once, and back when the layer is closed.
 */
function useCropFocus(ready: boolean, key: string): void {
  useEffect(() => {
    const area = findCropArea();
    const focused = document.activeElement;
    if (!ready || !area) {
      return;
    }
    if (focused === document.body || focused === findStepTitle(key)) {
      area.focus({ preventScroll: true });
    }
    return () => {
      if (isOnPicture()) {
        findStepTitle(key)?.focus({ preventScroll: true });
      }
    };
  }, [ready, key]);
}
