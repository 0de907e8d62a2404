"use client";

import { CircleAlert, CircleCheck, X } from "lucide-react";
import { Toast as Primitive } from "radix-ui";
import { Button } from "@/components/ui/button";
import { Spinner } from "@/components/ui/spinner";
import { type ToastTone, toast, useToasts } from "@/lib/toast";

const ICONS: Record<ToastTone, React.ReactNode> = {
  neutral: null,
  success: <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />,
  error: <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />,
  progress: <Spinner className="mt-0.5 shrink-0 text-muted-foreground" />,
};

/** Shows the toasts. F8 moves the focus to them; a swipe or Escape closes one. */
export function Toaster() {
  const toasts = useToasts((state) => state.toasts);
  return (
    <Primitive.Provider swipeDirection="left" label="Message">
      {toasts.map(({ id, title, description, tone, action, duration }) => (
        <Primitive.Root
          key={id}
          type={tone === "error" ? "foreground" : "background"}
          duration={duration}
          onOpenChange={(open) => !open && toast.dismiss(id)}
          className="data-[state=open]:slide-in-from-left-4 data-[state=open]:fade-in-0 flex items-start gap-3 rounded-xl border bg-surface p-3.5 shadow-floating data-[swipe=move]:translate-x-(--radix-toast-swipe-move-x) data-[state=open]:animate-in data-[swipe=cancel]:transition-transform"
        >
          {ICONS[tone]}
          <div className="min-w-0 flex-1">
            <Primitive.Title className="break-words font-medium text-sm">{title}</Primitive.Title>
            {description && (
              <Primitive.Description asChild>
                <div className="mt-0.5 break-words text-muted-foreground text-sm">
                  {description}
                </div>
              </Primitive.Description>
            )}
          </div>
          {action && (
            <Primitive.Action asChild altText={action.label}>
              <Button variant="secondary" size="sm" className="-my-1" onClick={action.run}>
                {action.label}
              </Button>
            </Primitive.Action>
          )}
          <Primitive.Close asChild>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label="Close message"
              className="-my-1 -mr-1"
            >
              <X aria-hidden />
            </Button>
          </Primitive.Close>
        </Primitive.Root>
      ))}
      <Primitive.Viewport className="fixed top-14 left-0 z-[60] flex w-full max-w-md flex-col gap-2 p-4 outline-none sm:top-auto sm:bottom-0" />
    </Primitive.Provider>
  );
}
