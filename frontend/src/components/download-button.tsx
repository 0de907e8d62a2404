"use client";

import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import type { ComponentProps } from "react";
import { Button } from "@/components/ui/button";
import { startDownload } from "@/lib/api/start-download";
import { explain } from "@/lib/errors/explain";
import { toast } from "@/lib/toast";

/** Save what a path of the API answers; a refusal is a toast. */
export function useDownload() {
  return useMutation({
    mutationFn: startDownload,
    onError: (error) => {
      const { title, detail } = explain(error);
      toast.error(title, { description: detail });
    },
  });
}

interface DownloadButtonProps extends Omit<ComponentProps<typeof Button>, "onClick" | "busy"> {
  /** Below /api/v1. */
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
