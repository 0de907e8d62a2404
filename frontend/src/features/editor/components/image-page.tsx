"use client";

import { useQuery } from "@tanstack/react-query";
import { ImageOff, LoaderCircle } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { imageQuery } from "@/api/images/queries";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/routes";
import { Editor } from "./editor";

interface ImagePageProps {
  imageId: number | null;
  taskId: number | null;
}

const IMPORT_EVERY = 1500;

export function ImagePage({ imageId, taskId }: ImagePageProps) {
  const image = useQuery({
    ...imageQuery(imageId ?? 0),
    enabled: imageId !== null,
    refetchInterval: ({ state }) => (state.data?.status === "importing" ? IMPORT_EVERY : false),
  });
  if (imageId === null) {
    return (
      <Notice icon={<ImageOff aria-hidden />} title="No image selected">
        The address of this page does not say which image to open.
      </Notice>
    );
  }
  if (image.isError && !image.data) {
    return (
      <>
        <h1 className="sr-only">Editor</h1>
        <ErrorState query={image} />
      </>
    );
  }
  if (!image.data) {
    return <EditorWaiting />;
  }
  if (image.data.status === "importing") {
    return (
      <Notice
        icon={<LoaderCircle aria-hidden className="animate-spin" />}
        title="Still being imported"
      >
        The editor opens as soon as the image has arrived.
      </Notice>
    );
  }
  if (image.data.status === "failed") {
    return (
      <Notice icon={<ImageOff aria-hidden />} title="This image cannot be opened">
        {image.data.error_message ?? "Delete it in the gallery and upload it again."}
      </Notice>
    );
  }
  return <Editor key={imageId} image={image.data} taskId={taskId} />;
}

interface NoticeProps {
  icon: ReactNode;
  title: string;
  children: ReactNode;
}

function Notice({ icon, title, children }: NoticeProps) {
  return (
    <>
      <h1 className="sr-only">Editor</h1>
      <EmptyState
        icon={icon}
        title={title}
        actions={
          <Button asChild>
            <Link href={paths.gallery}>Go to the gallery</Link>
          </Button>
        }
      >
        {children}
      </EmptyState>
    </>
  );
}

/** Shown while the image is loading, in the size of the editor. */
export function EditorWaiting() {
  return (
    <div aria-busy className="flex min-h-0 flex-1 flex-col lg:h-[calc(100dvh-3.5rem)] lg:flex-none">
      <h1 className="sr-only">Editor</h1>
      <div className="h-14 border-b bg-surface" />
      <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
        <div className="h-[44dvh] min-h-72 bg-canvas p-6 lg:h-auto lg:flex-1">
          <Skeleton className="size-full" />
        </div>
        <div className="flex flex-col gap-3 p-4 lg:w-92 lg:border-l">
          <Skeleton className="h-5 w-20" />
          <Skeleton className="h-28 rounded-xl" />
          <Skeleton className="h-9" />
        </div>
      </div>
    </div>
  );
}
