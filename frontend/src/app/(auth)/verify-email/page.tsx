import type { Metadata } from "next";

export const metadata: Metadata = { title: "Confirm your address" };

export { VerifyEmailPage as default } from "./client";
