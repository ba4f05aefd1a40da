import type { EventCard, EventStats } from "../../api/types";
import { shareOf } from "../overview/rollup";

/** An event with its figures. */
export interface Told {
  event: EventCard;
  stats: EventStats;
}

/** What the rows of a report stand for. */
export const groupings = {
  event: "Event",
  type: "Ticket type",
  category: "Kind",
  venue: "Venue",
  month: "Month",
  status: "State",
} as const;
export type Grouping = keyof typeof groupings;

/** What can be asked of each row. */
export const measures = {
  sold: "Tickets sold",
  capacity: "Places",
  occupancy: "Occupancy",
  held: "In baskets",
  revenue: "Revenue",
  bookings: "Bookings",
  cancelled: "Cancelled",
  cancellationRate: "Cancellation rate",
  checkedIn: "Checked in",
} as const;
export type Measure = keyof typeof measures;

/** Figures that add up; those only known of a whole event are null by ticket type. */
export interface ReportRow {
  name: string;
  currency: string;
  sold: number;
  capacity: number;
  held: number;
  revenueMinor: number;
  bookings: number | null;
  cancelled: number | null;
  checkedIn: number | null;
}

/** Rows by what they are grouped by; amounts of two currencies never meet in one row. */
export function reportOf(told: readonly Told[], by: Grouping): ReportRow[] {
  const rows = new Map<string, ReportRow>();
  for (const row of told.flatMap((each) => (by === "type" ? typeRows(each) : [eventRow(each, by)]))) {
    const key = `${row.name}\n${row.currency}`;
    const known = rows.get(key);
    rows.set(key, known ? added(known, row) : row);
  }
  return [...rows.values()].sort((a, b) =>
    by === "month" ? a.name.localeCompare(b.name) : b.revenueMinor - a.revenueMinor || a.name.localeCompare(b.name),
  );
}

const typeRows = ({ stats }: Told): ReportRow[] =>
  stats.ticket_types.map((type) => ({
    name: type.name,
    currency: stats.currency,
    sold: type.sold,
    capacity: type.capacity,
    held: type.held,
    revenueMinor: type.revenue_minor,
    bookings: null,
    cancelled: null,
    checkedIn: null,
  }));

const eventRow = ({ event, stats }: Told, by: Exclude<Grouping, "type">): ReportRow => ({
  name: nameOf(event, by),
  currency: stats.currency,
  sold: stats.sold,
  capacity: stats.capacity,
  held: stats.held,
  revenueMinor: stats.revenue_minor,
  bookings: stats.bookings,
  cancelled: stats.cancelled,
  checkedIn: stats.checked_in,
});

function nameOf(event: EventCard, by: Exclude<Grouping, "type">): string {
  if (by === "event") return event.name;
  return by === "month" ? event.event_date.slice(0, 7) : event[by];
}

const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);

const added = (a: ReportRow, b: ReportRow): ReportRow => ({
  ...a,
  sold: a.sold + b.sold,
  capacity: a.capacity + b.capacity,
  held: a.held + b.held,
  revenueMinor: a.revenueMinor + b.revenueMinor,
  bookings: sum(a.bookings, b.bookings),
  cancelled: sum(a.cancelled, b.cancelled),
  checkedIn: sum(a.checkedIn, b.checkedIn),
});

/** The sums of all rows, one a currency. */
export const totalsOf = (rows: readonly ReportRow[]): ReportRow[] =>
  [...new Set(rows.map(({ currency }) => currency))]
    .map((currency) => rows.filter((row) => row.currency === currency).reduce(added))
    .map((row) => ({ ...row, name: "All" }));

/** One figure of a row, as a number; shares are 0 to 1, amounts in minor units. */
export function valueOf(row: ReportRow, measure: Measure): number | null {
  if (measure === "occupancy") return shareOf(row.sold, row.capacity);
  if (measure === "cancellationRate") {
    return row.cancelled === null || row.bookings === null ? null : shareOf(row.cancelled, row.bookings);
  }
  return measure === "revenue" ? row.revenueMinor : row[measure];
}

/** Which events a report is of. */
export interface Span {
  from: string;
  to: string;
}

/** Events whose first date lies in a span of days; open ends are empty. */
export const within = (events: readonly EventCard[], { from, to }: Span): EventCard[] =>
  events.filter(({ event_date }) => {
    const day = event_date.slice(0, 10);
    return (from === "" || day >= from) && (to === "" || day <= to);
  });
