import type { Metadata } from "next";
import { VerifyEmailPage } from "./client";

export const metadata: Metadata = { title: "Confirm your address" };

export default function Page() {
  return <VerifyEmailPage />;
}
