"use client";

import { EditorWaiting, ImagePage } from "@/features/editor/components/image-page";
import { QueryValues } from "@/lib/url/query-values";

export function ImageEditor() {
  return (
    <QueryValues names={["id", "task"]} fallback={<EditorWaiting />}>
      {({ id, task }) => <ImagePage imageId={numberOf(id)} taskId={numberOf(task)} />}
    </QueryValues>
  );
}

function numberOf(text: string | null): number | null {
  return text && /^[0-9]{1,15}$/.test(text) ? Number(text) : null;
}
