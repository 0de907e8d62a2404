import type { Metadata } from "next";

export const metadata: Metadata = { title: "New password" };

export { ForgotForm as default } from "@/features/auth/components/forgot-form";
