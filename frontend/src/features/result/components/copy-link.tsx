"use client";

import { Link2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { copyText } from "@/lib/copy-text";
import { plural } from "@/lib/format";
import { toast } from "@/lib/toast";
import { useConfig } from "@/lib/use-config";
import { minutesLeft } from "../link-expiry";

/** Copies the signed link and tells how long it works. */
export function CopyLink({ address, fetchedAt }: { address: string; fetchedAt: number }) {
  const { linkLifetimeSeconds } = useConfig();
  const copy = async () => {
    const left = minutesLeft(linkLifetimeSeconds, fetchedAt);
    if (await copyText(address, "Use the browser’s “Copy link address” on the download button.")) {
      toast.success("Link copied", {
        description: `Anyone who has the link can see this result, for ${left < 1 ? "less than a minute" : `${plural(left, "minute")} at least`}.`,
      });
    }
  };
  return (
    <Button variant="secondary" onClick={copy}>
      <Link2 aria-hidden />
      Copy link
    </Button>
  );
}
