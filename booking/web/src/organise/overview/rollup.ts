import type { EventCard, EventStats } from "../../api/types";
import type { Sold } from "../charts/series";

/** Figures of several events together. */
export interface Totals {
  /** By currency, the largest first. */
  revenue: { currency: string; revenueMinor: number }[];
  sold: number;
  held: number;
  capacity: number;
  bookings: number;
  cancelled: number;
  checkedIn: number;
}

export function totalsOf(stats: readonly EventStats[]): Totals {
  const sum = (of: (each: EventStats) => number) => stats.reduce((total, each) => total + of(each), 0);
  const byCurrency = new Map<string, number>();
  for (const { currency, revenue_minor } of stats)
    byCurrency.set(currency, (byCurrency.get(currency) ?? 0) + revenue_minor);
  return {
    revenue: [...byCurrency]
      .map(([currency, revenueMinor]) => ({ currency, revenueMinor }))
      .sort((a, b) => b.revenueMinor - a.revenueMinor),
    sold: sum((each) => each.sold),
    held: sum((each) => each.held),
    capacity: sum((each) => each.capacity),
    bookings: sum((each) => each.bookings),
    cancelled: sum((each) => each.cancelled),
    checkedIn: sum((each) => each.checked_in),
  };
}

/** Sales in one currency: amounts of several can't be drawn on one axis. */
export const salesIn = (stats: readonly EventStats[], currency: string): Sold[] =>
  stats.filter((each) => each.currency === currency).flatMap((each) => each.sales);

/** What one kind of ticket has sold. */
export interface TypeSum {
  name: string;
  sold: number;
  held: number;
  capacity: number;
  revenueMinor: number;
}

/** Kinds of tickets by name, whatever the session, the best sold first. */
export function typesOf(stats: readonly EventStats[]): TypeSum[] {
  const byName = new Map<string, TypeSum>();
  for (const type of stats.flatMap((each) => each.ticket_types)) {
    const sum = byName.get(type.name) ?? { name: type.name, sold: 0, held: 0, capacity: 0, revenueMinor: 0 };
    byName.set(type.name, {
      name: type.name,
      sold: sum.sold + type.sold,
      held: sum.held + type.held,
      capacity: sum.capacity + type.capacity,
      revenueMinor: sum.revenueMinor + type.revenue_minor,
    });
  }
  return [...byName.values()].sort((a, b) => b.sold - a.sold);
}

/** The events whose figures are looked at: of those on sale the ones that sell most, then the soonest. */
export const watchedOf = (events: readonly EventCard[], nowMs: number, most: number): EventCard[] =>
  events
    .filter(({ status, event_date }) => status === "published" && Date.parse(event_date) > nowMs - dayMs)
    .sort((a, b) => goneOf(b) - goneOf(a) || Date.parse(a.event_date) - Date.parse(b.event_date))
    .slice(0, most);

const dayMs = 86_400_000;

/** Places sold or held. */
export const goneOf = ({ total_tickets, remaining_tickets }: EventCard): number => total_tickets - remaining_tickets;

/** `0.1234` → `12.3%`. */
export const percentText = (share: number): string => `${Math.round(share * 1000) / 10}%`;

/** A share of a whole, 0 of nothing. */
export const shareOf = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/** `1 booking`, `1,200 bookings`. */
export const counted = (count: number, what: string): string =>
  `${count.toLocaleString()} ${what}${count === 1 ? "" : "s"}`;
