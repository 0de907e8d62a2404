import type { Metadata } from "next";

export const metadata: Metadata = { title: "Sign in" };

export { LoginPage as default } from "./client";
