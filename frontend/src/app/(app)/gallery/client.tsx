"use client";

import { Link2 } from "lucide-react";
import dynamic from "next/dynamic";
import { Suspense, useState } from "react";
import { loadPart } from "@/components/lazy-part";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { Gallery, GalleryFallback } from "@/features/gallery/components/gallery";
import { UploadButton } from "@/features/upload/components/upload-button";

const ImportDialog = dynamic(
  () =>
    loadPart(() =>
      import("@/features/upload/components/import-dialog").then((all) => all.ImportDialog),
    ),
  { ssr: false },
);

export function GalleryPage() {
  const [importing, setImporting] = useState(false);
  const importButton = (
    <Button variant="secondary" onClick={() => setImporting(true)}>
      <Link2 aria-hidden />
      Import from the web
    </Button>
  );
  return (
    <div className="mx-auto w-full max-w-[1800px] px-4 pt-6 sm:px-6 sm:pt-8">
      <PageHeader
        title="Gallery"
        actions={
          <>
            {importButton}
            <UploadButton shortcut />
          </>
        }
      />
      <Suspense fallback={<GalleryFallback />}>
        <Gallery
          addActions={
            <>
              <UploadButton label="Choose images" />
              {importButton}
            </>
          }
        />
      </Suspense>
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </div>
  );
}
