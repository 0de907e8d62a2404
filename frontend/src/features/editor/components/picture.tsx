"use client";

import type { View } from "../model/view";

interface PictureProps {
  src: string;
  alt: string;
  view: View;
}

export function Picture({ src, alt, view }: PictureProps) {
  return (
    <div className="size-full overflow-hidden bg-canvas">
      <img
        src={src}
        alt={alt}
        draggable={false}
        className="size-full select-none object-contain p-4 sm:p-6"
        style={{ transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }}
      />
    </div>
  );
}
