import type { EventSearch, EventSort } from "./api";

const sorts: EventSort[] = ["date", "-date", "price", "-price", "name"];

const text = (value: unknown): string | undefined => {
  const trimmed = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
  return trimmed === "" ? undefined : trimmed.slice(0, 200);
};
const day = (value: unknown) => (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined);
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
    available: raw["available"] === true || raw["available"] === "true" ? true : undefined,
    sort: sorts.find((sort) => sort === raw["sort"]),
  };
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as EventSearch;
}

/** How many filters besides the words and the order are set. */
export const filterCount = (search: EventSearch): number =>
  (["category", "from", "to", "min_price", "max_price", "available"] as const).filter(
    (name) => search[name] !== undefined,
  ).length;
