import type { Metadata } from "next";

export const metadata: Metadata = { title: "Make an account" };

export { SignupPage as default } from "./client";
