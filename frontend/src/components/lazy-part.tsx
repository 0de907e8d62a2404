"use client";

import { type ComponentType, useEffect, useState } from "react";
import { addMissingPart, markPageOutdated } from "@/components/missing-parts";
import { headStatus, onServerReturn } from "@/lib/api/server-return";

/** In the error that the bundler throws for code that it could not load. */
const CHUNK_ADDRESS = /^Failed to load chunk (\S+)/;

type Load<P> = () => Promise<ComponentType<P>>;

/**
 * Load the code of a part for `dynamic`. If that fails, the page stays, the part is left out until
 * it can be loaded, and a notice says so: a promise that is rejected would crash the page, and
 * `dynamic` would never call `load` again.
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

/** Loads the part when the server answers again, until that succeeds. */
function MissingPart<P extends object>({ load, props }: MissingPartProps<P>) {
  const [part, setPart] = useState<{ Loaded: ComponentType<P> } | null>(null);
  useEffect(() => {
    let left = false;
    const endWait = addMissingPart();
    let remove = onServerReturn(tryAgain);

    async function tryAgain() {
      try {
        const Loaded = await load();
        if (!left) {
          setPart({ Loaded });
          leave();
        }
      } catch (error) {
        const gone = await isGone(error);
        if (!left) {
          if (gone) {
            markPageOutdated();
          }
          remove = onServerReturn(tryAgain);
        }
      }
    }
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

/** Whether the server no longer has the code that did not load: it has a new version of the page. */
async function isGone(error: unknown): Promise<boolean> {
  const address = error instanceof Error && CHUNK_ADDRESS.exec(error.message)?.[1];
  if (!address) {
    return false;
  }
  return (await headStatus(address)) === 404;
}
