"use client";

import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { useShortcutRegistry } from "@/lib/shortcuts/registry";

/** Lists the shortcuts that are bound now. */
export function ShortcutDialog({ onClose }: { onClose: () => void }) {
  const shortcuts = useShortcutRegistry((state) => state.shortcuts);
  const groups = [...new Set(shortcuts.map((one) => one.group))].reverse();
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent title="Keyboard shortcuts" className="max-w-md">
        <div className="space-y-5">
          {groups.map((group) => (
            <section key={group}>
              <h3 className="mb-2 font-medium text-muted-foreground text-xs">{group}</h3>
              <ul className="space-y-2">
                {shortcuts
                  .filter((one) => one.group === group)
                  .map((one) => (
                    <li key={one.keys} className="flex items-center justify-between gap-4 text-sm">
                      {one.label}
                      <Kbd keys={one.keys} />
                    </li>
                  ))}
              </ul>
            </section>
          ))}
        </div>
      </DialogContent>
    </Dialog>
  );
}
