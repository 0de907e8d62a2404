"use client";

import { EditorWaiting, ImagePage } from "@/features/editor/components/image-page";
import { QueryValues } from "@/lib/url/query-values";
import { readId } from "@/lib/url/read-id";

export function ImageEditor() {
  return (
    <QueryValues names={["id", "task"]} fallback={<EditorWaiting />}>
      {({ id, task }) => <ImagePage imageId={readId(id)} taskId={readId(task)} />}
    </QueryValues>
  );
}
