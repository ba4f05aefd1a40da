import type { NewEvent, NewSession } from "../api/types";

/** What the new-event form holds: texts as typed, so that half-typed numbers survive. */
export interface Draft {
  name: string;
  description: string;
  category: string;
  venueId: string;
  venueName: string;
  startsAt: string;
  salesOpenAt: string;
  perPersonLimit: string;
  layoutId: string;
  room: string;
  types: DraftType[];
}

export interface DraftType {
  key: number;
  name: string;
  price: string;
  quantity: string;
  section: string;
  premium: boolean;
}

export const emptyDraft: Draft = {
  name: "",
  description: "",
  category: "concert",
  venueId: "",
  venueName: "",
  startsAt: "",
  salesOpenAt: "",
  perPersonLimit: "6",
  layoutId: "",
  room: "",
  types: [{ key: 1, name: "General Admission", price: "25", quantity: "500", section: "", premium: false }],
};

/** `"12.5"` → 1250; null when it isn't an amount. Computed on the digits, never in floating point. */
export function minorOf(text: string): number | null {
  const parts = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(text.trim());
  if (parts === null) return null;
  return Number(parts[1]) * 100 + Number((parts[2] ?? "").padEnd(2, "0"));
}

/**
 * The instant at which a venue's clock shows a local time (`2026-05-01T20:00`).
 * In the hour that a change of clocks skips or repeats, the earlier reading of the zone's offset wins.
 */
export function instantAt(local: string, timeZone: string): string {
  const asUtc = Date.parse(`${local}:00Z`);
  const offset = (at: number) => {
    const parts = Object.fromEntries(
      new Intl.DateTimeFormat("en-US", {
        timeZone,
        hourCycle: "h23",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
      })
        .formatToParts(at)
        .map((part) => [part.type, Number(part.value)]),
    );
    return Date.UTC(parts["year"]!, parts["month"]! - 1, parts["day"], parts["hour"], parts["minute"]) - at;
  };
  const guess = asUtc - offset(asUtc);
  return new Date(asUtc - offset(guess)).toISOString();
}

/** What is wrong with a draft, by field; empty when it can be sent. */
export function faultsOf(draft: Draft): Record<string, string> {
  const faults: Record<string, string> = {};
  if (draft.name.trim() === "") faults["name"] = "Give the event a name.";
  if (draft.venueId === "" && draft.venueName.trim() === "") faults["venue"] = "Choose a venue or name a new one.";
  if (draft.startsAt === "") faults["startsAt"] = "Say when it starts.";
  draft.types.forEach((type, index) => {
    if (type.name.trim() === "") faults[`types.${index}.name`] = "Name it.";
    if (minorOf(type.price) === null) faults[`types.${index}.price`] = "An amount like 25 or 12.50.";
    if (draft.layoutId === "" && !/^[1-9]\d{0,5}$/.test(type.quantity)) faults[`types.${index}.quantity`] = "A whole number.";
  });
  return faults;
}

/** The event as the API wants it; a draft without faults only. */
export function eventOf(draft: Draft, venueName: string, timeZone: string): NewEvent {
  const starts = instantAt(draft.startsAt, timeZone);
  const seated = draft.layoutId !== "";
  const session: NewSession = {
    starts_at: starts,
    ...(seated ? { layout_id: Number(draft.layoutId) } : {}),
    ticket_types: draft.types.map((type) => ({
      name: type.name.trim(),
      price_minor: minorOf(type.price) ?? 0,
      premium: type.premium,
      ...(seated ? (type.section === "" ? {} : { section: type.section }) : { quantity: Number(type.quantity) }),
    })),
  };
  const cheapest = Math.min(...session.ticket_types.map((type) => type.price_minor));
  const total = draft.types.reduce((sum, type) => sum + (Number(type.quantity) || 0), 0);
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    venue: venueName,
    event_date: starts,
    ticket_price: cheapest / 100,
    total_tickets: Math.max(1, total),
    category: draft.category,
    sessions: [session],
    ...(draft.room === "" ? {} : { room: draft.room }),
    ...(draft.perPersonLimit === "" ? {} : { per_person_limit: Number(draft.perPersonLimit) }),
    ...(draft.salesOpenAt === "" ? {} : { sales_open_at: instantAt(draft.salesOpenAt, timeZone) }),
  };
}
