import type { Metadata } from "next";
import { ForgotForm } from "@/features/auth/components/forgot-form";

export const metadata: Metadata = { title: "New password" };

export default function Page() {
  return <ForgotForm />;
}
