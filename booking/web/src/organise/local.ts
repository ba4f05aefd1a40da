const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant as a `datetime-local` field takes it, by the venue's clock; empty for none. */
export function venueLocal(instant: string | null | undefined, timeZone: string): string {
  if (!instant) return "";
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  return `${parts["year"]}-${parts["month"]}-${parts["day"]}T${parts["hour"]}:${parts["minute"]}`;
}

/** A local time some days later, by the same clock: `2027-03-27T20:00` and 1 → `2027-03-28T20:00`. */
export function daysLater(local: string, days: number): string {
  if (local === "") return "";
  const at = new Date(`${local}:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 16);
}
