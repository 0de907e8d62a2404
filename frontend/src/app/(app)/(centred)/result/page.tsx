import type { Metadata } from "next";

export const metadata: Metadata = { title: "Result" };

export { ResultOfTask as default } from "./client";
