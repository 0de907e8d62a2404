"use client";

import { ReactCompareSlider, ReactCompareSliderImage } from "react-compare-slider";

interface ComparisonProps {
  before: string;
  after: string;
}

/** Two pictures of one shape over each other, with a handle to drag or to move by arrow keys. */
export default function Comparison({ before, after }: ComparisonProps) {
  return (
    <ReactCompareSlider
      className="size-full"
      itemOne={<ReactCompareSliderImage src={before} alt="Before" className="!object-contain" />}
      itemTwo={<ReactCompareSliderImage src={after} alt="After" className="!object-contain" />}
    />
  );
}
