"use client";

import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";

export const Dialog = Primitive.Root;
export const DialogTrigger = Primitive.Trigger;
export const DialogClose = Primitive.Close;

interface DialogContentProps extends Omit<ComponentProps<typeof Primitive.Content>, "title"> {
  title: ReactNode;
  description?: ReactNode;
  /** Buttons at the end; the primary button is the last. */
  footer?: ReactNode;
  /** `sheet` slides in from the right and has the full height. */
  shape?: "box" | "sheet";
  /** Only a button of the footer closes the dialog: no Escape, no click outside, no close button. */
  persistent?: boolean;
}

/** A dialog with a title and a close button. It fills the width of narrow screens. */
export function DialogContent({
  title,
  description,
  footer,
  children,
  className,
  shape = "box",
  persistent = false,
  ...props
}: DialogContentProps) {
  return (
    <Primitive.Portal>
      <Primitive.Overlay className="data-[state=closed]:fade-out-0 data-[state=open]:fade-in-0 fixed inset-0 z-50 bg-overlay backdrop-blur-[2px] data-[state=closed]:animate-out data-[state=open]:animate-in" />
      <Primitive.Content
        className={cn(
          "fixed z-50 flex flex-col border bg-surface shadow-floating outline-none data-[state=closed]:animate-out data-[state=open]:animate-in",
          shape === "box"
            ? "data-[state=closed]:fade-out-0 data-[state=open]:fade-in-0 data-[state=closed]:zoom-out-95 data-[state=open]:zoom-in-95 top-1/2 left-1/2 max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 -translate-y-1/2 rounded-2xl"
            : "data-[state=closed]:slide-out-to-right data-[state=open]:slide-in-from-right inset-y-0 right-0 w-full max-w-md border-y-0 border-r-0",
          className,
        )}
        {...(description ? {} : { "aria-describedby": undefined })}
        onOpenAutoFocus={focusContent}
        {...(persistent ? { onEscapeKeyDown: prevent, onInteractOutside: prevent } : {})}
        {...props}
      >
        <div className="flex items-start justify-between gap-4 p-5 pb-3">
          <div className="min-w-0">
            <Primitive.Title className="font-semibold text-lg tracking-tight">
              {title}
            </Primitive.Title>
            {description && (
              <Primitive.Description className="mt-1 text-muted-foreground text-sm">
                {description}
              </Primitive.Description>
            )}
          </div>
          {!persistent && (
            <Primitive.Close asChild>
              <Button variant="ghost" size="icon-sm" aria-label="Close" className="-mt-1 -mr-2">
                <X aria-hidden />
              </Button>
            </Primitive.Close>
          )}
        </div>
        <div data-dialog-body className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">
          {children}
        </div>
        {footer && (
          <div className="flex flex-col-reverse gap-2 border-t p-4 sm:flex-row sm:justify-end">
            {footer}
          </div>
        )}
      </Primitive.Content>
    </Primitive.Portal>
  );
}

/** Focus the first field rather than the close button, which comes first in the document. */
function focusContent(event: Event): void {
  const dialog = event.currentTarget as HTMLElement;
  const field = dialog.querySelector<HTMLElement>(
    "[data-dialog-body] :is(input, textarea, select):not(:disabled)",
  );
  if (field) {
    event.preventDefault();
    // A field that has the focus opens the keyboard of a phone, which hides half of the dialog.
    const { matches: touch } = matchMedia("(pointer: coarse)");
    (touch ? dialog : field).focus();
  }
}

function prevent(event: Event): void {
  event.preventDefault();
}
