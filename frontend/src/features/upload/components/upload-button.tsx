"use client";

import { Upload } from "lucide-react";
import { type ComponentProps, useRef } from "react";
import { Button } from "@/components/ui/button";
import { useShortcuts } from "@/lib/shortcuts/registry";
import { addUploads } from "../queue";

interface UploadButtonProps extends Omit<ComponentProps<typeof Button>, "onClick"> {
  label?: string;
  /** Bind the key `u`. Only one button of a page may do so. */
  shortcut?: boolean;
  onTaken?: () => void;
}

/** Opens the browser's dialog to choose files. */
export function UploadButton({
  label = "Upload",
  shortcut = false,
  onTaken,
  ...props
}: UploadButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const pick = () => input.current?.click();
  useShortcuts([{ keys: "u", label: "Upload images", group: "Gallery", run: pick }], shortcut);
  return (
    <>
      <Button onClick={pick} {...props}>
        <Upload aria-hidden />
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        accept="image/*"
        hidden
        aria-label="Images to upload"
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          currentTarget.value = ""; // so that the same file can be chosen again
          if (files.length > 0) {
            void addUploads(files);
            onTaken?.();
          }
        }}
      />
    </>
  );
}
