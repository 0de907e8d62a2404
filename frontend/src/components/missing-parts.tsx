"use client";

import { create } from "zustand";
import { Button } from "@/components/ui/button";

interface MissingParts {
  /** How many parts wait until their code can be loaded. */
  waiting: number;
  /** The server answers, but no longer has the code: it has a new version of the page. */
  outdated: boolean;
}

const useMissingParts = create<MissingParts>()(() => ({ waiting: 0, outdated: false }));

/** Show the notice until all parts that are missing have been loaded. @returns ends this part's wait */
export function addMissingPart(): () => void {
  changeWaiting(1);
  return () => changeWaiting(-1);
}

/** Have the notice offer to reload the page. */
export function markPageOutdated(): void {
  useMissingParts.setState({ outdated: true });
}

function changeWaiting(by: number): void {
  useMissingParts.setState(({ waiting, outdated }) => ({
    waiting: waiting + by,
    outdated: outdated && waiting + by > 0,
  }));
}

/** One notice for all parts of the page whose code could not be loaded. */
export function MissingPartsNotice() {
  const { waiting, outdated } = useMissingParts();
  return waiting === 0 ? null : (
    <div role="alert" className="fixed inset-x-0 bottom-0 z-60 flex justify-center p-4">
      <p className="flex items-center gap-3 rounded-xl bg-foreground px-4 py-2 text-background text-sm shadow-floating">
        {outdated
          ? "There is a new version of this page. Reload to continue."
          : "A part of this page could not be loaded. Trying again."}
        {outdated && (
          <Button
            size="sm"
            variant="secondary"
            className="text-foreground"
            onClick={() => location.reload()}
          >
            Reload
          </Button>
        )}
      </p>
    </div>
  );
}
