import { serverNow } from "../api/clock";
import type { Booking, BookingTicket, SeatPlace } from "../api/types";
import { priceOf, type SeatPlan, type SeatStates, seatState, shortLabel } from "../seats/model";

/** Tickets that still open a door for this booking's owner: what can be renamed, exchanged or given back. */
export const liveTickets = (booking: Booking): BookingTicket[] =>
  booking.status === "confirmed" ? booking.tickets.filter(({ status }) => status === "valid") : [];

/** Can the booking still be changed? Until its performance starts. */
export const isChangeable = (booking: Booking): boolean =>
  liveTickets(booking).length > 0 && Date.parse(booking.session.starts_at) > serverNow();

const isSamePlace = (a: SeatPlace, b: SeatPlace): boolean =>
  (a.section ?? null) === (b.section ?? null) && (a.row ?? null) === (b.row ?? null) && a.label === b.label;

/** The seat that a ticket is for, or null where people stand. */
export function seatOf(booking: Booking, { seat }: BookingTicket): number | null {
  if (!seat?.label) return null;
  return booking.seats.find((held) => held.label && isSamePlace(held, seat))?.id ?? null;
}

/** A section's rows with the seats that could be taken instead. */
export interface Choice {
  section: string;
  rows: { row: string; seats: { id: number; label: string }[] }[];
}

/** Free seats of the same price as a seat, in the order of the plan; sections and rows without any are left out. */
export function choicesFor(plan: SeatPlan, states: SeatStates, seat: number): Choice[] {
  const given = plan.indexOf.get(seat);
  if (given === undefined) return [];
  const price = priceOf(plan, given);
  return plan.sections.flatMap((section) => {
    const rows = new Map<string, { id: number; label: string }[]>();
    for (const i of section.seats) {
      if (states.state[i] !== seatState.free || priceOf(plan, i) !== price) continue;
      const row = plan.rows[i] ?? "";
      rows.set(row, [...(rows.get(row) ?? []), { id: plan.ids[i]!, label: shortLabel(plan, i) }]);
    }
    return rows.size === 0 ? [] : [{ section: section.name, rows: [...rows].map(([row, seats]) => ({ row, seats })) }];
  });
}

/** The names that were really changed, as the server takes them. */
export const changedNames = (
  tickets: readonly { code: string; holder_name: string }[],
  nameFor: (code: string) => string,
): { code: string; name: string }[] =>
  tickets
    .map(({ code, holder_name }) => ({ code, name: nameFor(code).trim(), before: holder_name }))
    .filter(({ name, before }) => name !== "" && name !== before)
    .map(({ code, name }) => ({ code, name }));
