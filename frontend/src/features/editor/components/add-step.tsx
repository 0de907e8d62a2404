"use client";

import { Plus, Search } from "lucide-react";
import { useRef, useState } from "react";
import type { Operation } from "@/api/operations/schema";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { titleOf } from "@/lib/format";
import { useShortcuts } from "@/lib/shortcuts/registry";
import { focusStep } from "./step-focus";

interface AddStepProps {
  operations: readonly Operation[];
  disabled: boolean;
  /** Returns the key of the new step. */
  onAdd: (operation: Operation) => string;
}

/** A dialog with the operations of the catalogue by group, and a search. */
export function AddStep({ operations, disabled, onAdd }: AddStepProps) {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState("");
  const added = useRef<string | null>(null);
  useShortcuts(
    [{ keys: "a", label: "Add a step", group: "Editor", run: () => setOpen(true) }],
    !disabled,
  );
  const groups = groupOperations(operations, search);
  const choose = (operation: Operation) => {
    setOpen(false);
    setSearch("");
    added.current = onAdd(operation);
  };
  // The button that opened the dialog may be far from the new step, below its form.
  const focusAdded = (event: Event) => {
    if (added.current !== null) {
      event.preventDefault();
      focusStep(added.current);
      added.current = null;
    }
  };
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="secondary" className="w-full" disabled={disabled}>
          <Plus aria-hidden />
          Add a step
        </Button>
      </DialogTrigger>
      <DialogContent
        title="Add a step"
        description="Steps run from top to bottom. You can reorder them later."
        className="max-w-2xl"
        onCloseAutoFocus={focusAdded}
      >
        <form
          className="sticky top-0 z-10 bg-surface pb-3"
          onSubmit={(event) => {
            event.preventDefault();
            const first = groups[0]?.[1][0];
            if (first) {
              choose(first);
            }
          }}
        >
          <div className="relative">
            <Search
              aria-hidden
              className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted-foreground"
            />
            <Input
              type="search"
              aria-label="Search steps"
              placeholder="Search: blur, resize, watermark …"
              className="pl-9"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </div>
        </form>
        {groups.length === 0 && (
          <p className="py-10 text-center text-muted-foreground text-sm">
            No step matches your search.
          </p>
        )}
        {groups.map(([group, members]) => (
          <section key={group} className="mb-5 last:mb-0">
            <h3 className="mb-2 font-medium text-muted-foreground text-xs">{titleOf(group)}</h3>
            <ul className="grid gap-2 sm:grid-cols-2">
              {members.map((operation) => (
                <li key={operation.name}>
                  <button
                    type="button"
                    onClick={() => choose(operation)}
                    className="flex size-full flex-col items-start gap-0.5 rounded-lg border px-3 py-2.5 text-left transition-colors hover:border-input hover:bg-muted"
                  >
                    <span className="font-medium text-sm">{titleOf(operation.name)}</span>
                    <span className="line-clamp-2 text-muted-foreground text-xs leading-relaxed">
                      {firstSentence(operation.description)}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </DialogContent>
    </Dialog>
  );
}

/** What the operation does. The rest of a description would not fit under its name. */
function firstSentence(description: string): string {
  return description.replace(/\. .*$/s, ".");
}

/** Operations that the output panel replaces. */
const ELSEWHERE = new Set(["change_format"]);

function groupOperations(
  operations: readonly Operation[],
  search: string,
): [string, Operation[]][] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    const text = `${operation.name.replaceAll("_", " ")} ${operation.group} ${operation.description}`;
    if (
      !ELSEWHERE.has(operation.name) &&
      words.every((word) => text.toLowerCase().includes(word))
    ) {
      groups.set(operation.group, [...(groups.get(operation.group) ?? []), operation]);
    }
  }
  // Matches in names come first, so that "blur" finds the operation blur.
  return [...groups.entries()].sort(
    ([, one], [, other]) => Number(named(other, words)) - Number(named(one, words)),
  );
}

function named(operations: readonly Operation[], words: readonly string[]): boolean {
  return (
    words.length > 0 && operations.some(({ name }) => words.some((word) => name.includes(word)))
  );
}
