import type { Metadata } from "next";
import { LoginPage } from "./client";

export const metadata: Metadata = { title: "Sign in" };

export default function Page() {
  return <LoginPage />;
}
