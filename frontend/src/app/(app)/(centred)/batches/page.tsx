import type { Metadata } from "next";

export const metadata: Metadata = { title: "Batches" };

export { BatchesPage as default } from "@/features/tasks/components/batches-page";
