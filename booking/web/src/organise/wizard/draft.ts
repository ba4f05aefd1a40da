import type { NewEvent, NewSession } from "../../api/types";
import { amountFault, amountOf, currencies } from "../amounts";
import { isWhole } from "../numbers";
import type { PartKind } from "../parts";
import { type ChargesDraft, chargesFaults, chargesOf, noCharges } from "../charges";

/** What the wizard holds: texts as typed, so that half-typed numbers survive. Times are the venue's local ones. */
export interface Draft {
  name: string;
  description: string;
  category: string;
  venueId: string;
  venueName: string;
  sessions: DraftSession[];
  layoutId: string;
  /** ISO 4217; empty until it is chosen. Prices and fees are in it. */
  currency: string;
  types: DraftType[];
  salesOpenAt: string;
  salesCloseAt: string;
  perPersonLimit: string;
  fullUntilH: string;
  halfUntilH: string;
  room: string;
  charges: ChargesDraft;
}

/** One performance. */
export interface DraftSession {
  key: number;
  startsAt: string;
  endsAt: string;
  doorsAt: string;
  roomName: string;
}

/** A ticket type, sold in every session. */
export interface DraftType {
  key: number;
  name: string;
  price: string;
  quantity: string;
  /** Names of the layout's sections it sells; none when standing. */
  sections: string[];
  /** Names of the layout's price categories it sells, beside or instead of sections. */
  categories: string[];
  premium: boolean;
  colour: string;
}

/** Colours of ticket types that people tell apart, whatever their eyes (Okabe and Ito's palette). */
export const typeColours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#56b4e9", "#7a5195", "#5c6770"];

export const emptyDraft: Draft = {
  name: "",
  description: "",
  category: "concert",
  venueId: "",
  venueName: "",
  sessions: [{ key: 1, startsAt: "", endsAt: "", doorsAt: "", roomName: "" }],
  layoutId: "",
  currency: "",
  types: [
    {
      key: 1,
      name: "General Admission",
      price: "25",
      quantity: "500",
      sections: [],
      categories: [],
      premium: false,
      colour: typeColours[0] ?? "",
    },
  ],
  salesOpenAt: "",
  salesCloseAt: "",
  perPersonLimit: "6",
  fullUntilH: "168",
  halfUntilH: "24",
  room: "",
  charges: noCharges,
};

/** The wizard's pages, in their order. */
export const steps = ["What", "When", "Tickets", "Sale", "Check"] as const;

/** The page on which a fault is put right. */
export function stepOf(fault: string): number {
  if (fault === "name") return 0;
  if (fault === "venue" || fault.startsWith("sessions")) return 1;
  return fault === "currency" || fault.startsWith("types") ? 2 : 3;
}

/** What is wrong with a draft, by field; empty when it can be sent. */
export function faultsOf(draft: Draft): Record<string, string> {
  const faults: Record<string, string> = {};
  if (draft.name.trim() === "") faults["name"] = "Give the event a name.";
  if (draft.venueId === "" && draft.venueName.trim() === "") faults["venue"] = "Choose a venue or name a new one.";
  draft.sessions.forEach(({ startsAt, endsAt, doorsAt }, index) => {
    if (startsAt === "") faults[`sessions.${index}.startsAt`] = "Say when it starts.";
    if (endsAt !== "" && endsAt <= startsAt) faults[`sessions.${index}.endsAt`] = "It ends after it starts.";
    if (doorsAt !== "" && doorsAt > startsAt) faults[`sessions.${index}.doorsAt`] = "Doors open before it starts.";
  });
  if (!currencies.includes(draft.currency)) faults["currency"] = "Choose the money that tickets cost.";
  const names = new Set<string>();
  draft.types.forEach((type, index) => {
    const name = type.name.trim();
    if (name === "") faults[`types.${index}.name`] = "Name it.";
    else if (names.has(name)) faults[`types.${index}.name`] = "Another has this name.";
    names.add(name);
    if (amountOf(type.price, draft.currency) === null) faults[`types.${index}.price`] = amountFault(draft.currency);
    if (draft.layoutId === "" && !/^[1-9]\d{0,5}$/.test(type.quantity))
      faults[`types.${index}.quantity`] = "A whole number.";
    if (draft.layoutId !== "" && type.sections.length + type.categories.length === 0)
      faults[`types.${index}.sections`] = "Choose at least one.";
  });
  if (draft.salesOpenAt !== "" && draft.salesCloseAt !== "" && draft.salesCloseAt <= draft.salesOpenAt)
    faults["salesCloseAt"] = "The sale ends after it opens.";
  if (!isWhole(draft.perPersonLimit, 1)) faults["perPersonLimit"] = "A whole number from 1.";
  if (!isWhole(draft.fullUntilH, 0)) faults["fullUntilH"] = "Hours, from 0.";
  if (!isWhole(draft.halfUntilH, 0)) faults["halfUntilH"] = "Hours, from 0.";
  else if (isWhole(draft.fullUntilH, 0) && Number(draft.halfUntilH) > Number(draft.fullUntilH))
    faults["halfUntilH"] = "Not earlier than the end of full refunds.";
  return { ...faults, ...chargesFaults(draft.charges, draft.currency) };
}

/** The event as the API wants it; of a draft without faults only. The server knows the venue's zone. */
export function eventOf(draft: Draft, timeZone: string, status: "draft" | "published"): NewEvent {
  const charges = chargesOf(draft.charges, draft.currency);
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    ...(draft.venueId === ""
      ? { venue: draft.venueName.trim(), time_zone: timeZone }
      : { venue_id: Number(draft.venueId) }),
    category: draft.category,
    currency: draft.currency,
    ...(draft.room === "" ? {} : { room: draft.room }),
    per_person_limit: Number(draft.perPersonLimit),
    refund_policy: { full_until_h: Number(draft.fullUntilH), half_until_h: Number(draft.halfUntilH) },
    ...(draft.salesOpenAt === "" ? {} : { sales_open_at: draft.salesOpenAt }),
    ...(draft.salesCloseAt === "" ? {} : { sales_close_at: draft.salesCloseAt }),
    ...(charges === null ? {} : { charges }),
    status,
    sessions: draft.sessions.map((session) => sessionOf(draft, session)),
  };
}

function sessionOf(draft: Draft, session: DraftSession): NewSession {
  const isSeated = draft.layoutId !== "";
  return {
    starts_at: session.startsAt,
    ...(session.endsAt === "" ? {} : { ends_at: session.endsAt }),
    ...(session.doorsAt === "" ? {} : { doors_at: session.doorsAt }),
    ...(session.roomName.trim() === "" ? {} : { room_name: session.roomName.trim() }),
    ...(isSeated ? { layout_id: Number(draft.layoutId) } : {}),
    ticket_types: draft.types.map((type) => ({
      name: type.name.trim(),
      price_minor: amountOf(type.price, draft.currency) ?? 0,
      premium: type.premium,
      colour: type.colour,
      ...(isSeated ? { sections: type.sections, categories: type.categories } : { quantity: Number(type.quantity) }),
    })),
  };
}

/** Paints a part of the plan with a type: it sells it from now on, and nobody else; painted twice it is free again. */
export const painted = (types: readonly DraftType[], key: number, kind: PartKind, part: string): DraftType[] =>
  types.map((type) => {
    const others = type[kind].filter((name) => name !== part);
    return { ...type, [kind]: type.key === key && others.length === type[kind].length ? [...others, part] : others };
  });

/** The types without anything of a plan: another plan, or another way to sell it, has other parts. */
export const unpainted = (types: readonly DraftType[]): DraftType[] =>
  types.map((type) => ({ ...type, sections: [], categories: [] }));

/** A ticket type for each category, in its name and colour; prices are still to be told. */
export const typesOfCategories = (categories: readonly { name: string; colour: string | null }[]): DraftType[] =>
  categories.reduce<DraftType[]>((types, { name, colour }) => {
    const next = anotherType(types);
    return [...types, { ...next, name, colour: colour ?? next.colour, categories: [name] }];
  }, []);

/** A further ticket type, in a colour that is free. */
export function anotherType(types: readonly DraftType[]): DraftType {
  const used = new Set(types.map(({ colour }) => colour));
  return {
    key: Math.max(0, ...types.map(({ key }) => key)) + 1,
    name: "",
    price: "",
    quantity: "100",
    sections: [],
    categories: [],
    premium: false,
    colour: typeColours.find((colour) => !used.has(colour)) ?? typeColours[types.length % typeColours.length] ?? "",
  };
}

/** Is it a draft, as this page would have kept it? */
export const isDraft = (value: unknown): value is Draft =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(emptyDraft).every((name) => name in value) &&
  Array.isArray((value as Draft).sessions) &&
  (value as Draft).types.every(({ sections, categories }) => Array.isArray(sections) && Array.isArray(categories));
