import type { Metadata } from "next";

export const metadata: Metadata = { title: "Tasks" };

export { Tasks as default } from "./client";
