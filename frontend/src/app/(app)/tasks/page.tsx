import type { Metadata } from "next";
import { PageRoom } from "@/components/shell/app-shell";
import { PageHeader } from "@/components/ui/page-header";

export const metadata: Metadata = { title: "Tasks" };

export default function Page() {
  return (
    <PageRoom>
      <PageHeader title="Tasks" />
    </PageRoom>
  );
}
