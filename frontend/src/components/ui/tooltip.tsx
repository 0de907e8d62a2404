"use client";

import { Tooltip as Primitive } from "radix-ui";
import { cloneElement, type ReactElement, type ReactNode } from "react";
import { Kbd } from "@/components/ui/kbd";

export const TooltipProvider = Primitive.Provider;

interface TooltipProps {
  label: ReactNode;
  /** The shortcut of the same action, such as `mod+z`. */
  keys?: string;
  /** The hint repeats the accessible name of the element, so screen readers must not read it. */
  repeatsName?: boolean;
  /** One focusable element with an accessible name. */
  children: ReactElement<{ "aria-describedby"?: string; "aria-keyshortcuts"?: string }>;
}

/** A hint on hover and focus. Essential information belongs on the page itself. */
export function Tooltip({ label, keys, repeatsName = false, children }: TooltipProps) {
  const element = repeatsName
    ? cloneElement(children, { "aria-describedby": undefined, "aria-keyshortcuts": ariaKeys(keys) })
    : children;
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{element}</Primitive.Trigger>
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

/** The shortcut as `aria-keyshortcuts` spells it: `Control+Shift+z`. */
function ariaKeys(keys: string | undefined): string | undefined {
  return keys?.replace("mod", "Control").replace("shift", "Shift");
}
