"use client";

import { Tooltip as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { Kbd } from "@/components/ui/kbd";

export const TooltipProvider = Primitive.Provider;

interface TooltipProps {
  label: ReactNode;
  /** The shortcut of the same action, such as `mod+z`. */
  keys?: string;
  /** One focusable element with an accessible name. */
  children: ReactNode;
}

/** A hint on hover and focus. Essential information belongs on the page itself. */
export function Tooltip({ label, keys, children }: TooltipProps) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          sideOffset={6}
          collisionPadding={8}
          className="fade-in-0 zoom-in-95 z-50 flex animate-in items-center gap-2 rounded-lg bg-foreground px-2.5 py-1.5 text-background text-xs shadow-floating"
        >
          {label}
          {keys && <Kbd keys={keys} inverted />}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
