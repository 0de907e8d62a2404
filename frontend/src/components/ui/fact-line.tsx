import { Children, type ReactNode } from "react";
import { cn } from "@/lib/cn";

interface FactLineProps {
  /** The facts. Those that are false or null are left out. */
  children: ReactNode;
  className?: string;
}

/** Short facts with dots between them. No dot begins or ends a line where they wrap. */
export function FactLine({ children, className }: FactLineProps) {
  return (
    <p className={cn("overflow-hidden text-muted-foreground text-xs", className)}>
      {/* The dot stands before each fact. At the beginning of a line the margin hides it. */}
      <span className="-ml-4 flex flex-wrap">
        {Children.toArray(children).map((fact, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the facts have no other identity
            key={index}
            className="relative pl-4 before:absolute before:left-1.5 before:content-['·'_/_'']"
          >
            {fact}
          </span>
        ))}
      </span>
    </p>
  );
}
