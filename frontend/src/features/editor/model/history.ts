/** A value with its earlier states and the states that were undone. */
export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
  /** The topic and time of the last change. Consecutive changes of one topic are one undo step. */
  last: { topic: string; at: number } | null;
}

const MAX_PAST = 100;
/** Changes of one topic within this time are one undo step, ms. */
const MERGE_WINDOW = 900;

export function begin<T>(present: T): History<T> {
  return { past: [], present, future: [], last: null };
}

/**
 * @param topic what is changed, such as one parameter of one step; "" is never merged
 * @param at ms since the epoch
 */
export function change<T>(history: History<T>, present: T, topic: string, at: number): History<T> {
  const { last } = history;
  const merged = topic !== "" && last?.topic === topic && at - last.at < MERGE_WINDOW;
  return {
    past: merged ? history.past : [...history.past, history.present].slice(-MAX_PAST),
    present,
    future: [],
    last: { topic, at },
  };
}

export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  return before === undefined
    ? history
    : {
        past: history.past.slice(0, -1),
        present: before,
        future: [history.present, ...history.future],
        last: null,
      };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  return next === undefined
    ? history
    : { past: [...history.past, history.present], present: next, future, last: null };
}
