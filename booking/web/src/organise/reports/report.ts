import type { SalesReport, SalesReportRow } from "../../api/types";
import { shareOf } from "../overview/rollup";

/** What the rows of a report stand for, by the server's names. */
export const groupings = {
  event: "Event",
  session: "Session",
  ticket_type: "Ticket type",
  category: "Kind",
  venue: "Venue",
  day: "Day",
  week: "Week",
  month: "Month",
  status: "State of the booking",
  currency: "Currency",
} as const;
export type Grouping = keyof typeof groupings;

/** What can be asked of each row. */
export const measures = {
  tickets: "Tickets sold",
  places: "Places",
  occupancy: "Occupancy",
  net: "Revenue",
  revenue: "Taken",
  refunds: "Paid back",
  bookings: "Bookings",
  cancelled: "Cancelled",
  cancellationRate: "Cancellation rate",
  check_ins: "Checked in",
} as const;
export type Measure = keyof typeof measures;

/** A figure that the server adds up; the others are shares of two of them. */
export type Figure = Exclude<Measure, "occupancy" | "cancellationRate">;

const figuresOf = (measure: Measure): readonly Figure[] => {
  if (measure === "occupancy") return ["tickets", "places"];
  return measure === "cancellationRate" ? ["cancelled", "bookings"] : [measure];
};

/** Which figures rows of a kind do not have: a booking is of several ticket types, a place nobody bought has no day. */
const unknown: Partial<Record<Grouping, readonly Figure[]>> = {
  ticket_type: ["bookings", "cancelled"],
  day: ["places"],
  week: ["places"],
  month: ["places"],
  status: ["places"],
};

/** Days of sales (UTC), both within; open ends are empty. */
export interface Span {
  from: string;
  to: string;
}

/** A question to the server. */
export type Question = ReturnType<typeof questionOf>;

/** What the server is asked for; its rows alone need some figure too. */
export function questionOf(by: Grouping, shown: readonly Measure[], { from, to }: Span) {
  const figures = shown.flatMap(figuresOf).filter((figure) => !unknown[by]?.includes(figure));
  const measure = [...new Set(figures)].sort().join(",") || "tickets";
  return { by, measure, from, to };
}

/** Whether a figure is an amount of money. */
export const isMoney = (measure: Measure): measure is "net" | "revenue" | "refunds" =>
  measure === "net" || measure === "revenue" || measure === "refunds";

/** One figure of a row, as a number; shares are 0 to 1, amounts in minor units. Null when it is not known. */
export function valueOf(row: SalesReportRow, measure: Measure): number | null {
  if (isMoney(measure)) return row[`${measure}_minor`] ?? null;
  if (measure === "occupancy") return shareIn(row, "tickets", "places");
  if (measure === "cancellationRate") return shareIn(row, "cancelled", "bookings");
  return row[measure] ?? null;
}

function shareIn(row: SalesReportRow, part: "tickets" | "cancelled", whole: "places" | "bookings"): number | null {
  const [of, all] = [row[part] ?? null, row[whole] ?? null];
  return of === null || all === null ? null : shareOf(of, all);
}

const added = (a: SalesReportRow, b: SalesReportRow): SalesReportRow => {
  const sum = { ...a };
  for (const name of figureNames) if (name in a) sum[name] = (a[name] ?? 0) + (b[name] ?? 0);
  return sum;
};

const figureNames = [
  "revenue_minor",
  "refunds_minor",
  "net_minor",
  "bookings",
  "cancelled",
  "tickets",
  "check_ins",
  "places",
] as const;

/** The sums of all rows, one a currency; a report that was cut has none. */
export const totalsOf = ({ rows, is_cut }: SalesReport): SalesReportRow[] =>
  (is_cut ? [] : [...new Set(rows.map(({ currency }) => currency))])
    .map((currency) => rows.filter((row) => row.currency === currency).reduce(added))
    .map((row) => ({ ...row, key: "", name: "All" }));
