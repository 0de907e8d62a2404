import type { Metadata } from "next";

export const metadata: Metadata = { title: "Dashboard" };

export { DashboardPage as default } from "@/features/dashboard/components/dashboard-page";
