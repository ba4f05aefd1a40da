import { serverNow } from "../api/clock";
import { locale } from "../languages/current";
import { say } from "./words";

/** Times of events are shown in the venue's zone: that is where the fan will look at a clock. */

type Style = "day" | "dayLong" | "time" | "both" | "short" | "exact";

const styles: Record<Style, Intl.DateTimeFormatOptions> = {
  day: { weekday: "short", day: "numeric", month: "short" },
  dayLong: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  time: { hour: "numeric", minute: "2-digit" },
  both: {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
  },
  exact: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  short: {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
  },
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** Further away than this, a day and a month would be taken for those of another year. */
const nearMs = 300 * 86_400_000;

/** Formats an instant in a zone; without a zone in the reader's own. A day far from now is told with its year. */
export function timeText(instant: string, style: Style, timeZone?: string | null): string {
  const at = Date.parse(instant);
  const options = styles[style];
  const isFar = options.day !== undefined && Math.abs(at - serverNow()) > nearMs;
  const key = `${locale()}|${style}|${timeZone ?? ""}|${isFar}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale(), {
      ...options,
      ...(isFar && { year: "numeric" }),
      timeZone: timeZone ?? undefined,
    });
    formats.set(key, format);
  }
  return format.format(at);
}

/** The day of the month and the short month, for the date block of a card. */
export function dateBlock(instant: string, timeZone?: string | null): { day: string; month: string; weekday: string } {
  const parts = new Intl.DateTimeFormat(locale(), {
    day: "numeric",
    month: "short",
    weekday: "short",
    timeZone: timeZone ?? undefined,
  }).formatToParts(new Date(instant));
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? "";
  return { day: part("day"), month: part("month"), weekday: part("weekday") };
}

/** `Berlin time` when the venue's clock differs from the reader's at that instant, otherwise nothing. */
export function zoneNote(instant: string, timeZone: string): string | null {
  const at = new Date(instant);
  const clock = (zone?: string) => at.toLocaleString("en-GB", { timeZone: zone });
  if (clock(timeZone) === clock()) return null;
  const city = timeZone.split("/").pop()?.replace(/_/g, " ") ?? timeZone;
  return say("zone", { city });
}

/** `9:05`, `1:02:30`, `3 days`: what is left, in whole seconds rounded up. */
export function leftText(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return say("daysLeft", { count: Math.floor(hours / 24) });
  const pad = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}
