import type { ReactNode, Ref } from "react";

interface PageHeaderProps {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** The heading takes the focus of an action that disappears. */
  headingRef?: Ref<HTMLHeadingElement>;
}

/** The heading of a page (level 1), with a description and actions. */
export function PageHeader({ title, description, actions, headingRef }: PageHeaderProps) {
  return (
    <div className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1
          ref={headingRef}
          tabIndex={headingRef ? -1 : undefined}
          className="break-words font-semibold text-2xl tracking-tight max-sm:line-clamp-3"
        >
          {title}
        </h1>
        {description && <p className="mt-1 text-muted-foreground text-sm">{description}</p>}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
