import type { Metadata } from "next";
import { PageRoom } from "@/components/shell/app-shell";
import { SettingsPage } from "@/features/settings/components/settings-page";

export const metadata: Metadata = { title: "Settings" };

export default function Page() {
  return (
    <PageRoom>
      <SettingsPage />
    </PageRoom>
  );
}
