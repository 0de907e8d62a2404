import type { Metadata } from "next";
import { PageRoom } from "@/components/shell/app-shell";
import { Tasks } from "./client";

export const metadata: Metadata = { title: "Tasks" };

export default function Page() {
  return (
    <PageRoom>
      <Tasks />
    </PageRoom>
  );
}
