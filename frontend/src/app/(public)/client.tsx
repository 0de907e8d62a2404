"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Landing } from "@/features/landing/components/landing";
import { DropZone } from "@/features/upload/components/drop-zone";
import { UploadButton } from "@/features/upload/components/upload-button";
import { paths, signupAddress } from "@/lib/routes";
import { maybeSignedIn } from "@/lib/session/store";

/** Visitors can choose pictures before they have an account. The pictures wait in the queue. */
export function LandingPage() {
  const router = useRouter();
  const goOn = () => router.push(maybeSignedIn() ? paths.gallery : signupAddress(paths.gallery));
  return (
    <>
      <Landing
        actions={
          <>
            <div className="flex flex-wrap gap-3">
              <UploadButton size="lg" label="Try it with a picture" onTaken={goOn} />
              <Button size="lg" variant="secondary" asChild>
                <Link href={paths.signup}>Create an account</Link>
              </Button>
            </div>
            <p className="mt-4 text-muted-foreground">
              Or drop one anywhere on this page. Nothing is uploaded until you have an account.
            </p>
          </>
        }
      />
      <DropZone onTaken={goOn} />
    </>
  );
}
