"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";

interface SettingListProps<T> {
  query: UseQueryResult<T[]>;
  /** Shown when the list is empty. */
  empty: ReactNode;
  children: (item: T) => ReactNode;
}

/** A list with its loading, error and empty states. */
export function SettingList<T>({ query, empty, children }: SettingListProps<T>) {
  if (query.data) {
    return query.data.length === 0 ? (
      <p className="rounded-lg border border-dashed px-4 py-6 text-center text-muted-foreground text-sm leading-relaxed">
        {empty}
      </p>
    ) : (
      <ul className="-my-3 divide-y">{query.data.map(children)}</ul>
    );
  }
  return query.isError ? (
    <ErrorState query={query} className="py-6 sm:py-8" />
  ) : (
    <Skeleton className="h-20" />
  );
}
