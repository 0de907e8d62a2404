import { SlidersHorizontal } from "lucide-react";
import type { ComponentProps } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";

interface FilterButtonProps extends ComponentProps<typeof Button> {
  /** The number of filters that are set. */
  count: number;
}

export function FilterButton({ count, ...props }: FilterButtonProps) {
  return (
    <Button variant="secondary" className="px-3" {...props}>
      <SlidersHorizontal aria-hidden />
      <span className="max-sm:sr-only">Filter</span>
      {count > 0 && <Badge tone="primary">{count}</Badge>}
    </Button>
  );
}
