"use client";

import { useSearchParams } from "next/navigation";
import { type ReactNode, Suspense } from "react";

type Values<N extends string> = Record<N, string | null>;

interface QueryValuesProps<N extends string> {
  names: readonly N[];
  children: (values: Values<N>) => ReactNode;
  /** In the exported HTML, where no address is known yet; of the size of what comes. */
  fallback?: ReactNode;
}

/** Parts of the address's query, for pages that are exported as files. */
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
