import type { Metadata } from "next";
import { PageRoom } from "@/components/shell/app-shell";
import { PageHeader } from "@/components/ui/page-header";

export const metadata: Metadata = { title: "Settings" };

export default function Page() {
  return (
    <PageRoom>
      <PageHeader title="Settings" />
    </PageRoom>
  );
}
