"use client";

import { useQuery } from "@tanstack/react-query";
import { type Config, DEFAULT_CONFIG, loadConfig } from "@/lib/config";

/** The server's limits and rules; the defaults until it has answered. */
export function useConfig(): Config {
  const { data } = useQuery({ queryKey: ["config"], queryFn: loadConfig, staleTime: Infinity });
  return data ?? DEFAULT_CONFIG;
}
