/** A value with what it was before, and what was undone. */
export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
  /** What the last change was about, and when: changes of one thing in a row are one step. */
  last: { about: string; at: number } | null;
}

const MOST = 100;
/** ms within which changes about the same thing are undone together */
const TOGETHER = 900;

export function begin<T>(present: T): History<T> {
  return { past: [], present, future: [], last: null };
}

/**
 * @param about names what is changed, such as one parameter of one step; "" joins nothing
 * @param at ms
 */
export function change<T>(history: History<T>, present: T, about: string, at: number): History<T> {
  const { last } = history;
  const joined = about !== "" && last?.about === about && at - last.at < TOGETHER;
  return {
    past: joined ? history.past : [...history.past, history.present].slice(-MOST),
    present,
    future: [],
    last: { about, at },
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
