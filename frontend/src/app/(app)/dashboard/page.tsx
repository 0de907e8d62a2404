import type { Metadata } from "next";
import { PageRoom } from "@/components/shell/app-shell";
import { PageHeader } from "@/components/ui/page-header";

export const metadata: Metadata = { title: "Dashboard" };

export default function Page() {
  return (
    <PageRoom>
      <PageHeader title="Dashboard" />
    </PageRoom>
  );
}
