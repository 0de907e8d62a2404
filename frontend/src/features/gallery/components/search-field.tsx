"use client";

import { Search, X } from "lucide-react";
import { type Ref, useEffect, useState } from "react";
import { Input } from "@/components/ui/input";
import { useDebounced } from "@/lib/hooks/use-debounced";

interface SearchFieldProps {
  ref: Ref<HTMLInputElement>;
  value: string;
  onChange: (value: string) => void;
}

/** Calls `onChange` when typing pauses. */
export function SearchField({ ref, value, onChange }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const settled = useDebounced(text, 250);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when typing has paused
  useEffect(() => {
    if (settled !== value) {
      onChange(settled);
    }
  }, [settled]);
  // The filters were cleared, or the address changed.
  useEffect(() => setText(value), [value]);
  return (
    <search className="relative block min-w-0 flex-1 max-sm:basis-full sm:max-w-sm">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted-foreground"
      />
      <Input
        ref={ref}
        value={text}
        aria-label="Search images"
        placeholder="Search names, descriptions, tags"
        maxLength={200}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            setText("");
            event.currentTarget.blur();
          }
        }}
        className="px-9"
      />
      {text !== "" && (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={() => setText("")}
          className="absolute inset-y-0 right-0 flex w-9 items-center justify-center rounded-lg text-muted-foreground hover:text-foreground"
        >
          <X aria-hidden className="size-4" />
        </button>
      )}
    </search>
  );
}
