import type { Place } from "./types";

/** Where a place started from: what the progress bar is measured against. */
export interface Start {
  number: number;
  /** The position when this browser first saw the place ordered. */
  from: number;
  /** The best (lowest) position seen since. */
  best: number;
}

/**
 * The start after seeing `place`: a new one for a new number, otherwise the old one with the best position so far.
 * Null until the place was seen waiting.
 */
export function track(start: Start | null, place: Place): Start | null {
  const { number, position } = place;
  if (!position) return start;
  if (start?.number !== number) return { number, from: position, best: position };
  return { ...start, best: Math.min(start.best, position) };
}

/** The share of the way done, 0 to 1. It never falls, and is 1 only when nobody is left to wait for. */
export const share = ({ from, best }: Start): number => (from - best) / from;

/** Has the line ahead grown since the best position seen? That needs a stated reason. */
export const grew = (start: Start, position: number): boolean => position > start.best;
