import type { Metadata } from "next";
import { PageRoom } from "@/components/shell/app-shell";
import { ResultOfTask } from "./client";

export const metadata: Metadata = { title: "Result" };

export default function Page() {
  return (
    <PageRoom>
      <ResultOfTask />
    </PageRoom>
  );
}
