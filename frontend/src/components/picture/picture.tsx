"use client";

import { ImageOff } from "lucide-react";
import { useState } from "react";
import { thumbhashAddress } from "@/components/picture/thumbhash-address";
import { cn } from "@/lib/cn";

interface PictureProps {
  src: string | null;
  thumbhash?: string | null;
  /** Called when the picture cannot be loaded: its link has expired, or it is gone. */
  onLost?: () => void;
  className?: string;
}

/** A decorative picture that fades in over its blurred placeholder. Its parent decides the size. */
export function Picture({ src, thumbhash, onLost, className }: PictureProps) {
  const [shown, setShown] = useState<string | null>(null);
  const [lost, setLost] = useState<string | null>(null);
  const placeholder = thumbhash ? thumbhashAddress(thumbhash) : null;
  return (
    <div className={cn("relative overflow-hidden bg-muted", className)}>
      {placeholder && shown !== src && (
        <img
          src={placeholder}
          alt=""
          aria-hidden
          className="absolute inset-0 size-full object-cover"
        />
      )}
      {src && lost !== src && (
        <img
          src={src}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={() => setShown(src)}
          onError={() => {
            setLost(src);
            onLost?.();
          }}
          className={cn(
            "absolute inset-0 size-full object-cover transition-opacity duration-300",
            shown === src ? "opacity-100" : "opacity-0",
          )}
        />
      )}
      {src && lost === src && (
        <div className="absolute inset-0 flex items-center justify-center text-muted-foreground">
          <ImageOff aria-hidden className="size-5" />
        </div>
      )}
    </div>
  );
}
