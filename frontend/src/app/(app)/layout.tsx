import type { ReactNode } from "react";
import { AppShell } from "@/components/shell/app-shell";
import { BatchWatcher } from "@/features/gallery/components/batch-watcher";
import { DropZone } from "@/features/upload/components/drop-zone";
import { UploadTray } from "@/features/upload/components/upload-tray";

export default function AppLayout({ children }: { children: ReactNode }) {
  return (
    <AppShell>
      {children}
      <DropZone />
      <UploadTray />
      <BatchWatcher />
    </AppShell>
  );
}
