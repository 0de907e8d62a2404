import type { Metadata } from "next";
import { PageRoom } from "@/components/shell/app-shell";
import { DashboardPage } from "@/features/dashboard/components/dashboard-page";

export const metadata: Metadata = { title: "Dashboard" };

export default function Page() {
  return (
    <PageRoom>
      <DashboardPage />
    </PageRoom>
  );
}
