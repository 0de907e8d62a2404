import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  /** Buttons for the next step. */
  actions?: ReactNode;
  /** The heading level of the title; 1 if the page has no other heading. */
  level?: 1 | 2;
  className?: string;
}

export function EmptyState({
  icon,
  title,
  children,
  actions,
  level = 2,
  className,
}: EmptyStateProps) {
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <div
      className={cn(
        "flex flex-col items-center justify-center px-6 py-16 text-center sm:py-24",
        className,
      )}
    >
      <div className="mb-5 flex size-12 items-center justify-center rounded-2xl border bg-surface text-muted-foreground shadow-raised [&_svg]:size-5">
        {icon}
      </div>
      <Heading className="font-semibold text-lg tracking-tight">{title}</Heading>
      <div className="mt-1.5 max-w-sm text-balance text-muted-foreground text-sm leading-relaxed">
        {children}
      </div>
      {actions && <div className="mt-6 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
