import { serverNow } from "../api/clock";

/** Days chosen in the reader's own calendar, as instants: from today on unless she says otherwise, the last day included. */
export function bounds(search: { from?: string; to?: string }): { from: string; to?: string } {
  const from = search.from ? new Date(`${search.from}T00:00:00`) : new Date(serverNow());
  from.setHours(0, 0, 0, 0);
  const end = search.to ? new Date(`${search.to}T00:00:00`) : undefined;
  end?.setDate(end.getDate() + 1);
  return { from: from.toISOString(), to: end?.toISOString() };
}

/** What the home page asks for: the next events, soonest first. */
export const upcoming = () => ({ ...bounds({}), sort: "date" as const, limit: 13 });
