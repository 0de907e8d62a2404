import type { Metadata } from "next";

export const metadata: Metadata = { title: "Editor" };

export { ImageEditor as default } from "./client";
