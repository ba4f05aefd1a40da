import type { EventCard } from "../api/types";

export type SaleState = "cancelled" | "draft" | "before" | "open" | "last" | "sold-out" | "ended" | "past";

type Sale = Pick<
  EventCard,
  "status" | "sales_open_at" | "sales_close_at" | "remaining_tickets" | "total_tickets" | "event_date"
>;

/** Below this share of the stock we say that few are left. */
const lastShare = 0.1;

/** Where an event's sale stands at an instant; pages decide from this what they offer. */
export function saleState(event: Sale, nowMs: number): SaleState {
  if (event.status === "cancelled") return "cancelled";
  if (event.status === "draft") return "draft";
  if (Date.parse(event.event_date) < nowMs) return "past";
  if (event.sales_close_at && Date.parse(event.sales_close_at) <= nowMs) return "ended";
  if (event.sales_open_at && Date.parse(event.sales_open_at) > nowMs) return "before";
  if (event.remaining_tickets <= 0) return "sold-out";
  return event.remaining_tickets <= Math.max(1, event.total_tickets * lastShare) ? "last" : "open";
}

/** The event in greatest demand: one with a waiting room first, else the soonest that can be bought. */
export function featuredOf(events: EventCard[], nowMs: number): EventCard | null {
  const alive = events.filter((event) => ["before", "open", "last"].includes(saleState(event, nowMs)));
  return alive.find((event) => event.room) ?? alive[0] ?? events[0] ?? null;
}

/** Can tickets be taken now? */
export const isOnSale = (state: SaleState): boolean => state === "open" || state === "last";
