import type { Eta } from "./types";

const hour_s = 3600;

const figures = (locale: string, options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options);
const units = (locale: string, unit: string) => figures(locale, { style: "unit", unit, unitDisplay: "long" });

/** A count in the reader's digits. */
export const count = (locale: string, value: number): string => figures(locale).format(value);

/**
 * An interval as "4–7 minutes", or in hours from two hours up; null when it ends within a minute.
 * The low end is rounded down and the high end up, so that the words never promise more than the figures.
 */
export function interval(locale: string, { low_s, high_s }: Eta): string | null {
  if (high_s < 60) return null;
  const [unit, unit_s] = high_s < 2 * hour_s ? ["minute", 60] : ["hour", hour_s];
  const low = Math.floor(low_s / unit_s);
  const high = Math.ceil(high_s / unit_s);
  const format = units(locale, unit);
  // Browsers from before 2022 have no formatRange.
  return low === high ? format.format(high) : (format.formatRange?.(low, high) ?? `${low}–${format.format(high)}`);
}

/** The high end alone, as "2 minutes", of an interval that begins at once; null for any other. */
export function limit(locale: string, { low_s, high_s }: Eta): string | null {
  const unit_s = high_s < 2 * hour_s ? 60 : hour_s;
  const most_s = Math.ceil(high_s / unit_s) * unit_s;
  return high_s < 60 || low_s >= unit_s ? null : interval(locale, { low_s: most_s, high_s: most_s });
}

/** A length of time as "5 minutes", or "90 seconds" where it is no whole minutes. */
export function span(locale: string, length_s: number): string {
  return length_s % 60 ? units(locale, "second").format(length_s) : units(locale, "minute").format(length_s / 60);
}

/** An instant as "19:42", by the reader's own clock. */
export const hour = (locale: string, instant: string): string =>
  new Intl.DateTimeFormat(locale, { timeStyle: "short" }).format(new Date(instant));

/** The time left as "04:05", "1:04:05" or "2 days, 1:04:05". */
export function clock(locale: string, left_ms: number): string {
  const total_s = Math.max(0, Math.ceil(left_ms / 1000));
  const days = Math.floor(total_s / 86400);
  const hours = Math.floor(total_s / hour_s) % 24;
  const two = figures(locale, { minimumIntegerDigits: 2 });
  const parts = [two.format(Math.floor(total_s / 60) % 60), two.format(total_s % 60)];
  if (days || hours) parts.unshift(count(locale, hours));
  const time = parts.join(":");
  return days ? `${units(locale, "day").format(days)}, ${time}` : time;
}
