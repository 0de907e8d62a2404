"use client";

import { ReactCompareSlider, ReactCompareSliderImage } from "react-compare-slider";
import { addressOf, ORIGINAL, type Recipe } from "../recipes";

/** The original and the result, left and right of a line that can be dragged. */
export default function Comparison({ recipe }: { recipe: Recipe }) {
  return (
    <ReactCompareSlider
      defaultPosition={38}
      className="size-full"
      itemOne={<ReactCompareSliderImage src={addressOf(ORIGINAL)} alt="A cup of coffee" />}
      itemTwo={
        <ReactCompareSliderImage
          src={addressOf(recipe.name)}
          alt={`The same cup, as ${recipe.title.toLowerCase()}`}
        />
      }
    />
  );
}
