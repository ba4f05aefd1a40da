import { locale } from "../languages/current";

/** A month as it is written in addresses: `2026-11`. */
export const monthOf = (date: Date): string => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}`;

/** The first day of a month, at midnight by the reader's clock. */
export function firstOf(month: string): Date {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return new Date(year, number - 1, 1);
}

/** A month some months later, or with a negative number earlier. */
export function monthAfter(month: string, months: number): string {
  const first = firstOf(month);
  first.setMonth(first.getMonth() + months);
  return monthOf(first);
}

/** `November 2026`. */
export const monthName = (month: string): string =>
  new Intl.DateTimeFormat(locale(), { month: "long", year: "numeric" }).format(firstOf(month));

/** The weeks that a month touches, each of seven days; `firstDay` is 1 for Monday to 7 for Sunday. */
export function weeksOf(month: string, firstDay: number): Date[][] {
  const first = firstOf(month);
  const before = (first.getDay() - (firstDay % 7) + 7) % 7;
  const length = new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate();
  const dayAt = (offset: number) => new Date(first.getFullYear(), first.getMonth(), 1 - before + offset);
  return Array.from({ length: Math.ceil((before + length) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_day, day) => dayAt(week * 7 + day)),
  );
}

/** The day that the reader's weeks begin with: 1 for Monday to 7 for Sunday. */
export function firstDayOfWeek(): number {
  const asked = new Intl.Locale(locale()) as Intl.Locale & { getWeekInfo?: () => { firstDay: number } };
  return asked.getWeekInfo?.().firstDay ?? 1;
}
