"use client";

import { Tooltip as Primitive, Slot } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { Kbd } from "@/components/ui/kbd";

export const TooltipProvider = Primitive.Provider;

interface TooltipProps {
  label: ReactNode;
  /** The shortcut of the same action, such as `mod+z`. */
  keys?: string;
  /** The hint repeats the accessible name of the element, so screen readers must not read it. */
  repeatsName?: boolean;
  /** One focusable element with an accessible name. */
  children: ReactNode;
}

/** A hint on hover and focus. Essential information belongs on the page itself. */
export function Tooltip({ label, keys, repeatsName = false, children }: TooltipProps) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>
        {repeatsName ? <Undescribed keys={keys}>{children}</Undescribed> : children}
      </Primitive.Trigger>
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

/** The trigger without the description that Radix makes of the hint. */
function Undescribed({
  keys,
  "aria-describedby": _,
  ...props
}: ComponentProps<typeof Slot.Root> & { keys: string | undefined }) {
  return <Slot.Root aria-keyshortcuts={ariaKeys(keys)} {...props} />;
}

/** The shortcut as `aria-keyshortcuts` spells it: `Control+Shift+z`. */
function ariaKeys(keys: string | undefined): string | undefined {
  return keys?.replace("mod", "Control").replace("shift", "Shift");
}
