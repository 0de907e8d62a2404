"use client";

import { SignupForm } from "@/features/auth/components/signup-form";
import { useUploadQueue } from "@/features/upload/queue";
import { plural } from "@/lib/format";
import { QueryValues } from "@/lib/url/query-values";

export function SignupPage() {
  const waiting = useUploadQueue((state) => state.uploads.length);
  return (
    <>
      {waiting > 0 && (
        <p
          role="status"
          className="mb-4 rounded-xl bg-primary-soft px-4 py-3 text-center text-primary-soft-foreground"
        >
          {plural(waiting, "image")} will be uploaded as soon as you have an account.
        </p>
      )}
      <QueryValues names={["next"]}>{({ next }) => <SignupForm next={next} />}</QueryValues>
    </>
  );
}
