"use client";

import { ReactCompareSlider } from "react-compare-slider";
import type { View } from "../model/view";
import { Picture } from "./picture";

interface CompareViewProps {
  before: string;
  after: string;
  view: View;
}

/** Before and after in one frame with a handle. Zoom and pan move both pictures. */
export default function CompareView({ before, after, view }: CompareViewProps) {
  return (
    <ReactCompareSlider
      onlyHandleDraggable
      className="size-full"
      itemOne={<Picture src={before} alt="Before" view={view} />}
      itemTwo={<Picture src={after} alt="After" view={view} />}
    />
  );
}
