import { api } from "@/lib/api/client";
import type { PipelineBody } from "../model/pipeline";

/** Longest side of a preview, px; the server's limit. */
export const LONGEST_PREVIEW = 1024;

export interface Preview {
  blob: Blob;
  /** px of the finished result; bounds where not `exact` */
  width: number;
  height: number;
  format: string;
  exact: boolean;
  /** Of the finished file; null where the preview says nothing about it. */
  estimatedBytes: number | null;
}

/** What a pipeline makes of an image, scaled down. */
export async function previewImage(
  imageId: number,
  body: PipelineBody,
  signal: AbortSignal,
): Promise<Preview> {
  const answer = await api.raw("POST", `/images/${imageId}/preview/`, { body, signal });
  const blob = await answer.blob();
  return {
    blob,
    width: Number(answer.headers.get("Full-Width")),
    height: Number(answer.headers.get("Full-Height")),
    format: answer.headers.get("Full-Format") ?? "",
    exact: answer.headers.get("Full-Exact") !== "false",
    estimatedBytes: Number(answer.headers.get("Full-Bytes")) || null,
  };
}
