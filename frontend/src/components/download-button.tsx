"use client";

import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import type { ComponentProps } from "react";
import { Button } from "@/components/ui/button";
import { startDownload } from "@/lib/api/download";
import { toastError } from "@/lib/errors/toast-error";

/** Download an API path. An error is shown as a toast. */
export function useDownload() {
  return useMutation({
    mutationFn: startDownload,
    onError: (error) => toastError(error),
  });
}

interface DownloadButtonProps extends Omit<ComponentProps<typeof Button>, "onClick" | "busy"> {
  /** Relative to /api/v1. */
  path: string;
}

export function DownloadButton({ path, children, size = "sm", ...props }: DownloadButtonProps) {
  const download = useDownload();
  return (
    <Button size={size} busy={download.isPending} onClick={() => download.mutate(path)} {...props}>
      <Download aria-hidden />
      {children}
    </Button>
  );
}
