"use client";

import { useLayoutEffect } from "react";

const KEY = "scrollPlace";
/** Browsers limit how often a page writes its history. ms */
const PAUSE = 150;

/**
 * Keep the scroll position in the entry of the browser's history, and return to it when the user
 * comes back to the entry. The browser does so by itself only if the page already has its height.
 *
 * @param ready whether the page has its height
 */
export function useScrollPlace(ready: boolean): void {
  useLayoutEffect(() => {
    if (!ready) {
      return;
    }
    const place: unknown = history.state?.[KEY];
    if (typeof place === "number") {
      scrollTo(0, place);
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const save = () => {
      clearTimeout(timer);
      if (history.state?.[KEY] !== scrollY) {
        history.replaceState({ ...history.state, [KEY]: scrollY }, "");
      }
    };
    const onScroll = () => {
      clearTimeout(timer);
      timer = setTimeout(save, PAUSE);
    };
    addEventListener("scroll", onScroll, { passive: true });
    addEventListener("click", save, { capture: true }); // the click may leave the page
    return () => {
      clearTimeout(timer);
      removeEventListener("scroll", onScroll);
      removeEventListener("click", save, { capture: true });
    };
  }, [ready]);
}

/**
 * Go back to the newest earlier entry of the history that shows the page with this path.
 *
 * @returns false if there is none, or if the browser does not tell
 */
export function goBackTo(path: string): boolean {
  const { navigation } = window as { navigation?: Navigation };
  const index = navigation?.currentEntry?.index ?? 0;
  const entry = navigation
    ?.entries()
    .slice(0, index)
    .findLast(({ url }) => url !== null && new URL(url).pathname === path);
  if (!navigation || !entry) {
    return false;
  }
  const { committed, finished } = navigation.traverseTo(entry.key);
  for (const step of [committed, finished]) {
    step?.catch(() => undefined); // another navigation came first
  }
  return true;
}
