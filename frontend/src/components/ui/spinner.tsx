import { LoaderCircle } from "lucide-react";
import { cn } from "@/lib/cn";

/** A turning circle; what it stands for is said in the text beside it. */
export function Spinner({ className }: { className?: string }) {
  return <LoaderCircle aria-hidden className={cn("size-4 animate-spin", className)} />;
}
