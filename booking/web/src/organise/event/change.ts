import type { EventChange, EventDetail } from "../../api/types";
import { majorText } from "../../ui/money";
import { type ChargesDraft, chargesDraft, chargesFaults, chargesOf } from "../charges";
import { venueLocal } from "../local";
import { amountFault, amountOf } from "../amounts";
import { isWhole } from "../numbers";

/** What can be changed of an event; times are the venue's local ones. */
export interface Edited extends EditedTexts {
  charges: ChargesDraft;
}

/** What is typed as one text each. */
export interface EditedTexts {
  name: string;
  description: string;
  category: string;
  startsAt: string;
  /** Of an event with one ticket type; empty otherwise. */
  price: string;
  total: string;
  salesOpenAt: string;
  salesCloseAt: string;
  perPersonLimit: string;
  fullUntilH: string;
  halfUntilH: string;
  room: string;
}

/** What buyers were promised: it stands once a place is sold or held. */
export const promised: readonly (keyof Edited)[] = ["name", "startsAt", "price", "total", "fullUntilH", "halfUntilH"];

/** Has the event one price and one number of places, which may be changed here? */
export const isSimple = ({ sessions }: Pick<EventDetail, "sessions">): boolean =>
  sessions.length === 1 && sessions[0]?.ticket_types.length === 1 && !sessions[0].seated;

export function editedOf(event: EventDetail): Edited {
  const zone = event.venue_details.time_zone;
  const only = isSimple(event) ? event.sessions[0]?.ticket_types[0] : undefined;
  return {
    name: event.name,
    description: event.description,
    category: event.category,
    startsAt: venueLocal(event.event_date, zone),
    price: only ? majorText(only.face_minor, event.currency) : "",
    total: only ? String(only.total) : "",
    salesOpenAt: venueLocal(event.sales_open_at, zone),
    salesCloseAt: venueLocal(event.sales_close_at, zone),
    perPersonLimit: String(event.per_person_limit),
    fullUntilH: String(event.refund_policy.full_until_h),
    halfUntilH: String(event.refund_policy.half_until_h),
    room: event.room ?? "",
    charges: chargesDraft(event.charges, event.currency),
  };
}

/** What is wrong, by field. */
export function faultsOf(edited: Edited, currency: string): Record<string, string> {
  const faults: Partial<Record<keyof EditedTexts, string>> = {};
  if (edited.name.trim() === "") faults.name = "An event needs a name.";
  if (edited.startsAt === "") faults.startsAt = "Say when it starts.";
  if (edited.price !== "" && amountOf(edited.price, currency) === null) faults.price = amountFault(currency);
  if (edited.total !== "" && !isWhole(edited.total, 1)) faults.total = "A whole number.";
  if (!isWhole(edited.perPersonLimit, 1)) faults.perPersonLimit = "A whole number from 1.";
  if (!isWhole(edited.fullUntilH, 0)) faults.fullUntilH = "Hours, from 0.";
  if (!isWhole(edited.halfUntilH, 0)) faults.halfUntilH = "Hours, from 0.";
  return { ...faults, ...chargesFaults(edited.charges, currency) };
}

/** Only what differs, so that what somebody else changes meanwhile stays. */
export function changeOf(before: Edited, after: Edited, currency: string): EventChange {
  const isNew = (...names: (keyof Edited)[]) => names.some((name) => isOther(before, after, name));
  const orNone = (text: string) => (text === "" ? null : text);
  return {
    ...(isNew("name") ? { name: after.name.trim() } : {}),
    ...(isNew("description") ? { description: after.description } : {}),
    ...(isNew("category") ? { category: after.category } : {}),
    ...(isNew("startsAt") ? { event_date: after.startsAt } : {}),
    ...(isNew("price") ? { ticket_price: Number(after.price.replace(",", ".")) } : {}),
    ...(isNew("total") ? { total_tickets: Number(after.total) } : {}),
    ...(isNew("salesOpenAt") ? { sales_open_at: orNone(after.salesOpenAt) } : {}),
    ...(isNew("salesCloseAt") ? { sales_close_at: orNone(after.salesCloseAt) } : {}),
    ...(isNew("perPersonLimit") ? { per_person_limit: Number(after.perPersonLimit) } : {}),
    ...(isNew("fullUntilH", "halfUntilH")
      ? { refund_policy: { full_until_h: Number(after.fullUntilH), half_until_h: Number(after.halfUntilH) } }
      : {}),
    ...(isNew("room") ? { room: orNone(after.room) } : {}),
    ...(isNew("charges") ? { charges: chargesOf(after.charges, currency) } : {}),
  };
}

/** How fields are called, for telling what somebody else has changed. */
export const fieldNames: Record<keyof Edited, string> = {
  name: "the name",
  description: "the description",
  category: "the kind",
  startsAt: "the start",
  price: "the price",
  total: "the number of places",
  salesOpenAt: "the opening of the sale",
  salesCloseAt: "the end of the sale",
  perPersonLimit: "the limit per person",
  fullUntilH: "the full refund",
  halfUntilH: "the half refund",
  room: "the waiting room",
  charges: "fees and taxes",
};

/** The fields in which two states differ. */
export const differing = (a: Edited, b: Edited): (keyof Edited)[] =>
  (Object.keys(fieldNames) as (keyof Edited)[]).filter((name) => isOther(a, b, name));

const isOther = (a: Edited, b: Edited, name: keyof Edited): boolean =>
  JSON.stringify(a[name]) !== JSON.stringify(b[name]);
