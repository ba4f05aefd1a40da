import { type EventSearch, type EventSort, dayText } from "./api";

const sorts: EventSort[] = ["date", "-date", "price", "-price", "name"];

const text = (value: unknown): string | undefined => {
  const trimmed = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
  return trimmed === "" ? undefined : trimmed.slice(0, 200);
};
const day = (value: unknown) => (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined);
const month = (value: unknown) =>
  typeof value === "string" && /^\d{4}-(0[1-9]|1[0-2])$/.test(value) ? value : undefined;
const amount = (value: unknown) => {
  const number = Number(value);
  return value !== undefined && value !== "" && Number.isFinite(number) && number >= 0 ? number : undefined;
};

/** Reads a search from the page's address; whatever makes no sense is left out. */
export function readEventSearch(raw: Record<string, unknown>): EventSearch {
  const search: EventSearch = {
    q: text(raw["q"]),
    category: text(raw["category"]),
    from: day(raw["from"]),
    to: day(raw["to"]),
    min_price: amount(raw["min_price"]),
    max_price: amount(raw["max_price"]),
    ticket_type: text(raw["ticket_type"]),
    available: raw["available"] === true || raw["available"] === "true" ? true : undefined,
    sort: sorts.find((sort) => sort === raw["sort"]),
    view: raw["view"] === "calendar" ? "calendar" : undefined,
    month: month(raw["month"]),
  };
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as EventSearch;
}

/** What is set beside the words, the order and the view. */
export const filterNames = ["category", "from", "to", "min_price", "max_price", "ticket_type", "available"] as const;
export type FilterName = (typeof filterNames)[number];

/** How many filters besides the words and the order are set. */
export const filterCount = (search: EventSearch): number =>
  filterNames.filter((name) => search[name] !== undefined).length;

export type Span = "any" | "today" | "weekend" | "month";

/** The days of a span by the reader's calendar, both included; a weekend that has begun counts. */
export function daysOf(span: Span, nowMs: number): Pick<EventSearch, "from" | "to"> {
  const inDays = (offset: number) => {
    const date = new Date(nowMs);
    date.setDate(date.getDate() + offset);
    return dayText(date);
  };
  if (span === "any") return { from: undefined, to: undefined };
  if (span === "today") return { from: inDays(0), to: inDays(0) };
  if (span === "month") return { from: inDays(0), to: inDays(30) };
  const weekday = (new Date(nowMs).getDay() + 6) % 7;
  return { from: inDays(Math.max(0, 4 - weekday)), to: inDays(6 - weekday) };
}

/** The span that a search's days are, or none. */
export const spanOf = (search: EventSearch, nowMs: number): Span | null =>
  (["any", "today", "weekend", "month"] as const).find((span) => {
    const { from, to } = daysOf(span, nowMs);
    return from === search.from && to === search.to;
  }) ?? null;
