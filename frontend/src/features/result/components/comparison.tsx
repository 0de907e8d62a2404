"use client";

import { ReactCompareSlider, ReactCompareSliderImage } from "react-compare-slider";

interface ComparisonProps {
  before: string;
  after: string;
}

/** Two pictures of the same shape in one frame, with a handle that drags or moves by arrow keys. */
export default function Comparison({ before, after }: ComparisonProps) {
  return (
    <ReactCompareSlider
      className="size-full"
      itemOne={<ReactCompareSliderImage src={before} alt="Before" className="!object-contain" />}
      itemTwo={<ReactCompareSliderImage src={after} alt="After" className="!object-contain" />}
    />
  );
}
