import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn";

export function Card({ className, ...props }: ComponentProps<"div">) {
  return (
    <div className={cn("rounded-2xl border bg-surface shadow-raised", className)} {...props} />
  );
}

interface SectionProps extends Omit<ComponentProps<"section">, "title"> {
  title: ReactNode;
  description?: ReactNode;
  /** Shown at the right of the title. */
  actions?: ReactNode;
}

/** A card with a level 2 heading. */
export function Section({
  title,
  description,
  actions,
  children,
  className,
  ...props
}: SectionProps) {
  return (
    <section className={cn("rounded-2xl border bg-surface shadow-raised", className)} {...props}>
      <div className="flex flex-wrap items-start justify-between gap-3 px-5 pt-5">
        <div className="min-w-0">
          <h2 className="font-semibold text-base tracking-tight">{title}</h2>
          {description && <p className="mt-1 text-muted-foreground text-sm">{description}</p>}
        </div>
        {actions}
      </div>
      <div className="p-5 pt-4">{children}</div>
    </section>
  );
}
