import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps, MouseEvent } from "react";
import { Spinner } from "@/components/ui/spinner";
import { cn } from "@/lib/cn";

const buttonVariants = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-lg font-medium text-sm transition-colors disabled:pointer-events-none disabled:opacity-50 aria-disabled:pointer-events-none aria-disabled:opacity-50 [&_svg:not([class*='size-'])]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "bg-primary text-primary-foreground shadow-raised hover:bg-primary-hover",
        secondary: "border bg-surface shadow-raised hover:bg-muted",
        ghost: "hover:bg-muted",
        danger: "bg-danger text-primary-foreground shadow-raised hover:bg-danger-hover",
        link: "text-primary underline-offset-4 hover:underline dark:text-primary-soft-foreground",
      },
      size: {
        sm: "h-8 px-3 pointer-coarse:h-10",
        md: "h-9 px-4 pointer-coarse:h-10",
        lg: "h-11 rounded-xl px-6 text-base",
        icon: "size-9 pointer-coarse:size-10",
        "icon-sm": "size-8 pointer-coarse:size-10",
      },
    },
    compoundVariants: [
      { variant: "link", className: "h-auto px-0 pointer-coarse:h-auto pointer-coarse:min-h-10" },
    ],
    defaultVariants: { variant: "primary", size: "md" },
  },
);

interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonVariants> {
  /** Style the child, such as a link, as a button. */
  asChild?: boolean;
  /** Show a spinner and ignore clicks. The button keeps the focus, which `disabled` would take. */
  busy?: boolean;
}

/** A button. A button with only an icon needs an `aria-label`. */
export function Button({
  className,
  variant,
  size,
  asChild = false,
  busy = false,
  children,
  onClick,
  "aria-disabled": ariaDisabled,
  type = "button",
  ...props
}: ButtonProps) {
  const classes = cn(buttonVariants({ variant, size }), className);
  if (asChild) {
    return (
      <Slot.Root className={classes} onClick={onClick} aria-disabled={ariaDisabled} {...props}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      type={type}
      className={classes}
      aria-busy={busy || undefined}
      aria-disabled={busy || ariaDisabled}
      onClick={busy ? ignore : onClick}
      {...props}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

/** A click on the submit button of a form, and Enter in one of its fields, would submit it. */
function ignore(event: MouseEvent): void {
  event.preventDefault();
}
