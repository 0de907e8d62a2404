"use client";

import { useSearchParams } from "next/navigation";
import { type ReactNode, Suspense } from "react";

type Values<N extends string> = Record<N, string | null>;

interface QueryValuesProps<N extends string> {
  names: readonly N[];
  children: (values: Values<N>) => ReactNode;
  /** Shown in the exported HTML, which has no address yet. Give it the size of the content. */
  fallback?: ReactNode;
}

/** Read values of the address's query on a page that is exported as a file. */
export function QueryValues<N extends string>({ fallback, ...props }: QueryValuesProps<N>) {
  return (
    <Suspense fallback={fallback}>
      <Read {...props} />
    </Suspense>
  );
}

function Read<N extends string>({ names, children }: QueryValuesProps<N>) {
  const query = useSearchParams();
  return children(Object.fromEntries(names.map((name) => [name, query.get(name)])) as Values<N>);
}
