/**
 * `"12.5"` → 1250 where a major unit has 100 minor ones; null when it isn't an amount, or has more decimals than the
 * currency. Computed on the digits, never in floating point.
 */
export function minorOf(text: string, units = 100): number | null {
  const parts = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.trim());
  const decimals = String(units).length - 1;
  const fraction = (parts?.[2] ?? "").padEnd(decimals, "0");
  if (parts === null || fraction.length > decimals) return null;
  return Number(`${parts[1]}${fraction}`);
}

/** Is it a whole number, at least so much? */
export const isWhole = (text: string, least: number): boolean => /^\d{1,6}$/.test(text) && Number(text) >= least;
