import type { ReactNode } from "react";
import { AppShell } from "@/components/shell/app-shell";
import { BatchWatcher } from "@/features/gallery/components/batch-watcher";
import { UploadTray } from "@/features/upload/components/upload-tray";

export default function AppLayout({ children }: { children: ReactNode }) {
  return (
    <AppShell>
      {children}
      <UploadTray />
      <BatchWatcher />
    </AppShell>
  );
}
