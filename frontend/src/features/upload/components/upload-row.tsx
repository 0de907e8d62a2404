"use client";

import { CircleCheck, RotateCw, X } from "lucide-react";
import Link from "next/link";
import { useEffect, useState } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { Progress } from "@/components/ui/progress";
import { formatBytes } from "@/lib/format";
import { imageAddress } from "@/lib/routes";
import { cancelUpload, isActive, retryUpload, type Upload } from "../queue";

export function UploadRow({ upload }: { upload: Upload }) {
  const { id, file, state, progress, retryable } = upload;
  return (
    <div className="flex items-center gap-3 px-4 py-2.5">
      <FilePicture file={file} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium text-sm" title={file.name}>
          {file.name}
        </p>
        <div className="mt-0.5 text-muted-foreground text-xs">
          <Word upload={upload} />
        </div>
        {(state === "sending" || state === "processing") && (
          <Progress
            label={`Upload of ${file.name}`}
            value={state === "processing" ? 1 : progress}
            className="mt-1.5 h-1"
          />
        )}
      </div>
      {state === "done" && <CircleCheck aria-hidden className="size-4 shrink-0 text-success" />}
      {isActive(upload) && (
        <IconButton
          label={`Cancel the upload of ${file.name}`}
          hint="Cancel"
          onClick={() => cancelUpload(id)}
        >
          <X aria-hidden />
        </IconButton>
      )}
      {retryable && (
        <IconButton
          label={`Upload ${file.name} again`}
          hint="Try again"
          onClick={() => retryUpload(id)}
        >
          <RotateCw aria-hidden />
        </IconButton>
      )}
    </div>
  );
}

function Word({ upload }: { upload: Upload }) {
  const { state, progress, error, image, file } = upload;
  switch (state) {
    case "waiting":
      return "Waiting";
    case "sending":
      return `${Math.round(progress * 100)} % of ${formatBytes(file.size)}`;
    case "processing":
      return "Checking";
    case "cancelled":
      return "Cancelled";
    case "failed":
      return (
        <span role="alert" className="text-danger-soft-foreground">
          {error}
        </span>
      );
    case "done": {
      const link = "rounded-sm text-foreground underline decoration-input underline-offset-2";
      if (!image) {
        return null;
      }
      return image.duplicate_of ? (
        <>
          Already uploaded.{" "}
          <Link href={imageAddress(image.duplicate_of)} className={link}>
            Open it
          </Link>
        </>
      ) : (
        <>
          {image.metadata.warnings.map(({ detail }) => `${detail} `)}
          <Link href={imageAddress(image.id)} className={link}>
            Open
          </Link>
        </>
      );
    }
  }
}

/** A small picture of the file. */
function FilePicture({ file }: { file: File }) {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return (
    <div className="size-10 shrink-0 overflow-hidden rounded-md bg-muted">
      {address && (
        <img
          src={address}
          alt=""
          decoding="async"
          className="size-full object-cover"
          onError={() => setAddress(null)}
        />
      )}
    </div>
  );
}
