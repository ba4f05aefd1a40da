/** What a chart draws, computed without a canvas. */

/** The colours of a chart; a look goes with each, so that colour never speaks alone. */
export type ChartToken = "--flare" | "--info" | "--good" | "--ink-soft";

export interface Series {
  label: string;
  token: ChartToken;
  look: "area" | "line" | "dashes" | "bars";
  /** One value an instant; null where nothing is known. */
  values: readonly (number | null)[];
  /** How a value is read; as a plain number where nothing else is said. */
  text?: (value: number) => string;
}

/** What was sold in a stretch of time that begins `at`. */
export interface Sold {
  at: string;
  bookings: number;
  tickets: number;
  revenue_minor: number;
}

/** Columns of equal length: instants in seconds, and what happened from each to the next. */
export interface SoldColumns {
  times: number[];
  bookings: number[];
  tickets: number[];
  revenueMinor: number[];
}

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** More points than this say no more: older ones are left out. */
const mostSteps = 744;

/** Fewer steps than this make no picture. */
const leastSteps = 12;

/** Sales on an even grid up to `untilMs`: stretches in which nothing was sold count as nought. */
export function gridOf(sales: readonly Sold[], stepMs: number, untilMs: number): SoldColumns {
  const columns: SoldColumns = { times: [], bookings: [], tickets: [], revenueMinor: [] };
  const known = new Map<number, Sold[]>();
  for (const sold of sales) {
    const step = Math.floor(Date.parse(sold.at) / stepMs);
    known.set(step, [...(known.get(step) ?? []), sold]);
  }
  if (known.size === 0) return columns;
  const last = Math.max(Math.floor(untilMs / stepMs), ...known.keys());
  const begin = Math.min(Math.min(...known.keys()) - 1, last - leastSteps + 1);
  const first = Math.max(begin, last - mostSteps + 1);
  for (let step = first; step <= last; step++) {
    const here = known.get(step) ?? [];
    const sum = (of: (sold: Sold) => number) => here.reduce((total, sold) => total + of(sold), 0);
    columns.times.push((step * stepMs) / 1000);
    columns.bookings.push(sum((sold) => sold.bookings));
    columns.tickets.push(sum((sold) => sold.tickets));
    columns.revenueMinor.push(sum((sold) => sold.revenue_minor));
  }
  return columns;
}

/** The sums so far: 1, 2, 3 → 1, 3, 6. */
export function running(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

/** `950`, `1.2K`, `34K`, `5M`: as little as an axis needs. */
const shorts = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
export const shortNumber = (value: number): string => shorts.format(value);

/** How instants of an axis that spans so many seconds are written. */
export function tickFormat(spanS: number): Intl.DateTimeFormatOptions {
  if (spanS <= 900) return { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  if (spanS <= 2 * 86_400) return { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return { day: "numeric", month: "short" };
}

/** The end of an axis from nought: just above the greatest value, never nought itself. */
export const axisEnd = (most: number): number => (most <= 0 ? 1 : most * 1.08);
