"use client";

import { Check } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import ReactCrop from "react-image-crop";
import "react-image-crop/dist/ReactCrop.css";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { type Frame, largest, type PercentBox, toBox, toParams } from "../model/crop-box";
import type { Params } from "../model/validate";

const ASPECTS = ["1:1", "4:3", "3:2", "16:9", "3:4", "2:3", "9:16"];

interface CropLayerProps {
  /** The picture before the crop. */
  src: string;
  /** The full size of that picture, px. */
  frame: Frame;
  params: Params;
  onChange: (params: Params) => void;
  onDone: () => void;
}

/** A rectangle on the picture that is dragged, resized at its corners, or moved by arrow keys. */
export default function CropLayer({ src, frame, params, onChange, onDone }: CropLayerProps) {
  const room = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState<number | null>(null);
  const [aspect, setAspect] = useState("");
  // During a drag the exact numbers are shown. Rounding to whole pixels would make it jump.
  const [dragged, setDragged] = useState<PercentBox | null>(null);
  useEffect(() => {
    const element = room.current;
    const observer = new ResizeObserver(() => setHeight(element?.clientHeight ?? null));
    if (element) {
      observer.observe(element);
    }
    return () => observer.disconnect();
  }, []);
  const ratio = aspect === "" ? undefined : ratioOf(aspect, frame);
  return (
    <div className="flex size-full flex-col">
      <div ref={room} className="flex min-h-0 flex-1 items-center justify-center p-4 sm:p-6">
        {height !== null && (
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
            <img
              src={src}
              alt="Before the crop"
              draggable={false}
              style={{ maxHeight: Math.max(120, height - 48) }}
            />
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
            setAspect(chosen);
            if (chosen !== "") {
              onChange(toParams(largest(ratioOf(chosen, frame), frame), frame));
            }
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

function ratioOf(aspect: string, frame: Frame): number {
  const [width, height] = aspect === "original" ? [] : aspect.split(":").map(Number);
  return width && height ? width / height : frame.width / frame.height;
}
