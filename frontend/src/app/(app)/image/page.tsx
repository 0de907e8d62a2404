import type { Metadata } from "next";
import { ImageEditor } from "./client";

export const metadata: Metadata = { title: "Editor" };

export default function Page() {
  return <ImageEditor />;
}
