import type { Metadata } from "next";

export const metadata: Metadata = { title: "Choose a new password" };

export { ResetPage as default } from "./client";
