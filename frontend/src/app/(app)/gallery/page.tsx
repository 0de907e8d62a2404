import type { Metadata } from "next";

export const metadata: Metadata = { title: "Gallery" };

export { GalleryPage as default } from "./client";
