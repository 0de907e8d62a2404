"use client";

import { type ComponentType, useEffect, useState } from "react";
import { addMissingPart, markPageOutdated } from "@/components/missing-parts";
import { onServerReturn } from "@/lib/api/server-return";

type Load<P> = () => Promise<ComponentType<P>>;

/**
 * Load the code of a part for `dynamic`. If that fails, the page stays, and the part is left
 * out until it can be loaded, and a notice says so: a promise that is rejected would crash the page, and `dynamic`
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
  useEffect(() => {
    let left = false;
    const endWait = addMissingPart();
    const remove = onServerReturn(() =>
      load().then(
        (Loaded) => {
          if (!left) {
            setPart({ Loaded });
            leave();
          }
        },
        () => !left && markPageOutdated(),
      ),
    );
    function leave() {
      if (!left) {
        left = true;
        remove();
        endWait();
      }
    }
    return leave;
  }, [load]);
  return part && <part.Loaded {...props} />;
}
