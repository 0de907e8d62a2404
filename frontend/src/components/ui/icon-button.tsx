import type { ComponentProps } from "react";
import { Button } from "@/components/ui/button";
import { Tooltip } from "@/components/ui/tooltip";

interface IconButtonProps extends Omit<ComponentProps<typeof Button>, "variant"> {
  /** The accessible name. */
  label: string;
  /** The text of the tooltip; `label` if absent. */
  hint?: string;
  /** The shortcut of the same action, such as `mod+z`. */
  keys?: string;
}

/** A button that shows only an icon, with a tooltip. */
export function IconButton({ label, hint = label, keys, size, ...props }: IconButtonProps) {
  return (
    <Tooltip label={hint} keys={keys} repeatsName>
      <Button variant="ghost" size={size ?? "icon-sm"} aria-label={label} {...props} />
    </Tooltip>
  );
}
