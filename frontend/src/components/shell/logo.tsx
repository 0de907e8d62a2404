import Link from "next/link";
import { SHORT_BRAND } from "@/lib/brand";
import { cn } from "@/lib/cn";

/** The mark of the service: a picture in front of its edited version. */
function LogoMark() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className="size-6">
      <rect x="8" y="2" width="14" height="14" rx="4" className="fill-primary/30" />
      <rect x="2" y="8" width="14" height="14" rx="4" className="fill-primary" />
      <path
        d="M4.8 19.4l3.4-4.3a1 1 0 011.6 0l1.2 1.6.7-.9a1 1 0 011.6 0l.9 1.2"
        className="fill-none stroke-white"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="12.3" cy="11.8" r="1.2" className="fill-white" />
    </svg>
  );
}

export function Logo({ href, compact = false }: { href: string; compact?: boolean }) {
  return (
    <Link
      href={href}
      className="touch-target relative flex shrink-0 items-center gap-2.5 rounded-md"
    >
      <LogoMark />
      <span className={cn("font-semibold text-[15px] tracking-tight", compact && "max-md:sr-only")}>
        {SHORT_BRAND}
      </span>
    </Link>
  );
}
