import type { Metadata } from "next";
import { ResetPage } from "./client";

export const metadata: Metadata = { title: "Choose a new password" };

export default function Page() {
  return <ResetPage />;
}
