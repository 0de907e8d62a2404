"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { loadPart } from "@/components/lazy-part";
import { cn } from "@/lib/cn";
import { addressOf, ORIGINAL, RECIPES } from "../recipes";

const Comparison = dynamic(
  () => loadPart(() => import("./comparison").then((all) => all.default)),
  {
    ssr: false,
    loading: () => (
      <img src={addressOf(ORIGINAL)} alt="A cup of coffee" className="size-full object-cover" />
    ),
  },
);

/** A picture before and after, with the request that makes it. */
export function Demo() {
  const [recipe, setRecipe] = useState(RECIPES[0]);
  return (
    <div className="overflow-hidden rounded-3xl border bg-surface shadow-floating">
      <div className="aspect-3/2 bg-muted">
        <Comparison recipe={recipe} />
      </div>
      <fieldset className="flex flex-wrap gap-1 border-b p-3 sm:gap-1.5">
        <legend className="sr-only">What to do with the picture</legend>
        {RECIPES.map((one) => (
          <button
            key={one.name}
            type="button"
            aria-pressed={one === recipe}
            onClick={() => setRecipe(one)}
            className={cn(
              "h-8 rounded-full px-2.5 font-medium text-sm transition-colors sm:px-3.5 pointer-coarse:h-10",
              one === recipe
                ? "bg-foreground text-background"
                : "text-muted-foreground hover:bg-muted hover:text-foreground",
            )}
          >
            {one.title}
          </button>
        ))}
      </fieldset>
      <ol className="h-27 space-y-1 overflow-hidden p-4 font-mono text-xs leading-6">
        {recipe.steps.map(({ operation, params }, index) => (
          <li key={operation} className="flex gap-3 truncate">
            <span className="select-none text-muted-foreground">{index + 1}</span>
            <span>
              {operation}{" "}
              <span className="text-muted-foreground">
                {Object.entries(params)
                  .map(([name, value]) => `${name}: ${value}`)
                  .join(", ")}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
