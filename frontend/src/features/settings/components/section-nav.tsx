"use client";

import { useEffect, useState } from "react";
import { cn } from "@/lib/cn";
import { SECTIONS } from "./sections";

/** Links to the sections on wide screens. The section in view is marked. */
export function SectionNav() {
  const [current, setCurrent] = useState<string>(SECTIONS[0].id);
  useEffect(() => {
    // The section that crosses a line below the page's header is the one in view.
    const observer = new IntersectionObserver(
      (entries) => {
        const crossing = entries.find((entry) => entry.isIntersecting);
        if (crossing) {
          setCurrent(crossing.target.id);
        }
      },
      { rootMargin: "-25% 0px -75% 0px" },
    );
    for (const { id } of SECTIONS) {
      const section = document.getElementById(id);
      if (section) {
        observer.observe(section);
      }
    }
    return () => observer.disconnect();
  }, []);
  return (
    <nav aria-label="Sections" className="max-lg:hidden">
      <ul className="sticky top-22 flex flex-col gap-0.5">
        {SECTIONS.map(({ id, title }) => (
          <li key={id}>
            <a
              href={`#${id}`}
              aria-current={id === current ? "true" : undefined}
              className={cn(
                "flex h-9 items-center rounded-lg px-3 text-sm pointer-coarse:h-10 transition-colors",
                id === current
                  ? "bg-muted font-medium text-foreground"
                  : "text-muted-foreground hover:text-foreground",
              )}
            >
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
