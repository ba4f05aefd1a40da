import type { Eta } from "./types";

const hour_s = 3600;

/** A count in the reader's digits. */
export const count = (locale: string, value: number): string => new Intl.NumberFormat(locale).format(value);

/**
 * An interval as "4–7 minutes", or in hours from two hours up; null when it ends within a minute.
 * The low end is rounded down and the high end up, so that the words never promise more than the figures.
 */
export function interval(locale: string, { low_s, high_s }: Eta): string | null {
  if (high_s < 60) return null;
  const [unit, unit_s] = high_s < 2 * hour_s ? ["minute", 60] : ["hour", hour_s];
  const low = Math.floor(low_s / unit_s);
  const high = Math.max(Math.ceil(high_s / unit_s), low);
  const format = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" });
  if (low === high) return format.format(high);
  // Browsers from before 2022 have no formatRange.
  return format.formatRange?.(low, high) ?? `${count(locale, low)}–${format.format(high)}`;
}

/** The time left as "4:05", "1:04:05" or "2 days, 1:04:05". */
export function clock(locale: string, left_ms: number): string {
  const total = Math.max(0, Math.ceil(left_ms / 1000));
  const days = Math.floor(total / 86400);
  const digits = (value: number, width: number) =>
    new Intl.NumberFormat(locale, { minimumIntegerDigits: width, useGrouping: false }).format(value);
  const hours = Math.floor(total / hour_s) % 24;
  const rest = [Math.floor(total / 60) % 60, total % 60].map((value, at) => digits(value, at || hours || days ? 2 : 1));
  const time = (hours || days ? [digits(hours, 1), ...rest] : rest).join(":");
  if (!days) return time;
  return new Intl.NumberFormat(locale, { style: "unit", unit: "day", unitDisplay: "long" }).format(days) + ", " + time;
}
