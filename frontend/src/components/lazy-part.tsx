"use client";

import { type ComponentType, useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { onServerReturn } from "@/lib/api/server-return";

type Load<P> = () => Promise<ComponentType<P>>;

/**
 * Load the code of a part for `dynamic`. If that fails, the page stays, and the part is replaced by
 * a message that loads it again: a promise that is rejected would crash the page, and `dynamic`
 * would never call `load` again.
 */
export async function loadPart<P extends object>(
  load: Load<P>,
): Promise<{ default: ComponentType<P> }> {
  try {
    return { default: await load() };
  } catch {
    return { default: (props: P) => <MissingPart load={load} props={props} /> };
  }
}

interface MissingPartProps<P> {
  load: Load<P>;
  props: P;
}

/** Loads the part when the server answers again. If it is gone then, the page is out of date. */
function MissingPart<P extends object>({ load, props }: MissingPartProps<P>) {
  const [part, setPart] = useState<{ Loaded: ComponentType<P> } | null>(null);
  const [outdated, setOutdated] = useState(false);
  useEffect(() => {
    let left = false;
    const remove = onServerReturn(() => {
      load().then(
        (Loaded) => !left && setPart({ Loaded }),
        () => !left && setOutdated(true),
      );
    });
    return () => {
      left = true;
      remove();
    };
  }, [load]);
  if (part) {
    return <part.Loaded {...props} />;
  }
  return (
    <div role="alert" className="fixed inset-x-0 bottom-0 z-60 flex justify-center p-4">
      <p className="flex items-center gap-3 rounded-xl bg-foreground px-4 py-2 text-background text-sm shadow-floating">
        {outdated
          ? "This page has a new version. Reload it to go on."
          : "A part of this page could not be loaded. Trying again."}
        {outdated && (
          <Button size="sm" variant="secondary" onClick={() => location.reload()}>
            Reload
          </Button>
        )}
      </p>
    </div>
  );
}
