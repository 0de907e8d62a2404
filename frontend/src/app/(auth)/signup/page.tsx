import type { Metadata } from "next";
import { SignupPage } from "./client";

export const metadata: Metadata = { title: "Make an account" };

export default function Page() {
  return <SignupPage />;
}
