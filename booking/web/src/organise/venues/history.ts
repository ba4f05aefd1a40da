/** A value that is worked on, with its steps back and forth. */
export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
}

/** Steps back that are kept. */
const mostSteps = 100;

export const begun = <T>(present: T): History<T> => ({ past: [], present, future: [] });

/** The next step; what had been taken back is gone. With `merge` it joins the last, as letters of one word do. */
export const stepped = <T>(history: History<T>, next: T, merge = false): History<T> => ({
  past: merge && history.past.length > 0 ? history.past : [...history.past, history.present].slice(-mostSteps),
  present: next,
  future: [],
});

export function undone<T>(history: History<T>): History<T> {
  const last = history.past.at(-1);
  if (last === undefined) return history;
  return { past: history.past.slice(0, -1), present: last, future: [history.present, ...history.future] };
}

export function redone<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future };
}
