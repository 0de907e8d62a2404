import type { ReactNode } from "react";
import { PublicShell } from "@/components/shell/public-shell";

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <PublicShell>
      <div className="flex flex-1 items-start justify-center px-4 pt-8 pb-16 sm:items-center sm:pt-0">
        <div className="w-full max-w-sm">{children}</div>
      </div>
    </PublicShell>
  );
}
