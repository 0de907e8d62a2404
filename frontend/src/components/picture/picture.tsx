"use client";

import { ImageOff } from "lucide-react";
import { useState } from "react";
import { thumbhashAddress } from "@/components/picture/thumbhash-address";
import { cn } from "@/lib/cn";

interface PictureProps {
  src: string | null;
  alt: string;
  thumbhash?: string | null;
  /** Called when the picture cannot be loaded: its link has expired, or it is gone. */
  onLost?: () => void;
  className?: string;
  fit?: "cover" | "contain";
}

/** A picture that fades in over its blurred placeholder. Its parent decides the size. */
export function Picture({ src, alt, thumbhash, onLost, className, fit = "cover" }: PictureProps) {
  const [shown, setShown] = useState<string | null>(null);
  const [lost, setLost] = useState<string | null>(null);
  const placeholder = thumbhash ? thumbhashAddress(thumbhash) : null;
  const fits = fit === "cover" ? "object-cover" : "object-contain";
  return (
    <div className={cn("relative overflow-hidden bg-muted", className)}>
      {placeholder && shown !== src && (
        <img
          src={placeholder}
          alt=""
          aria-hidden
          className={cn("absolute inset-0 size-full", fits)}
        />
      )}
      {src && lost !== src && (
        <img
          src={src}
          alt={alt}
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={() => setShown(src)}
          onError={() => {
            setLost(src);
            onLost?.();
          }}
          className={cn(
            "absolute inset-0 size-full transition-opacity duration-300",
            fits,
            shown === src ? "opacity-100" : "opacity-0",
          )}
        />
      )}
      {src && lost === src && (
        <div className="absolute inset-0 flex items-center justify-center text-muted-foreground">
          <ImageOff aria-hidden className="size-5" />
          <span className="sr-only">{alt}</span>
        </div>
      )}
    </div>
  );
}
