import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  /** What to do next. */
  children: ReactNode;
  actions?: ReactNode;
  className?: string;
}

export function EmptyState({ icon, title, children, actions, className }: EmptyStateProps) {
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
      <h2 className="font-semibold text-lg tracking-tight">{title}</h2>
      <div className="mt-1.5 max-w-sm text-balance text-muted-foreground text-sm leading-relaxed">
        {children}
      </div>
      {actions && <div className="mt-6 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
