import type { ReactNode } from "react";

interface AuthCardProps {
  title: string;
  description?: ReactNode;
  children: ReactNode;
  /** Links to other forms: "No account yet? ..." */
  footer?: ReactNode;
}

/** The frame of every form of this feature. */
export function AuthCard({ title, description, children, footer }: AuthCardProps) {
  return (
    <>
      <div className="rounded-2xl border bg-surface p-6 shadow-raised sm:p-8">
        <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
        {description && (
          <p className="mt-1.5 text-muted-foreground text-sm leading-relaxed">{description}</p>
        )}
        <div className="mt-6">{children}</div>
      </div>
      {footer && <p className="mt-5 text-center text-muted-foreground text-sm">{footer}</p>}
    </>
  );
}
