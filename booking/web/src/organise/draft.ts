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
  /** Names of the layout's sections it sells; none when standing. */
  sections: string[];
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
  types: [
    {
      key: 1,
      name: "General Admission",
      price: "25",
      quantity: "500",
      sections: [],
      premium: false,
    },
  ],
};

/** `"12.5"` → 1250; null when it isn't an amount. Computed on the digits, never in floating point. */
export function minorOf(text: string): number | null {
  const parts = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(text.trim());
  if (parts === null) return null;
  return Number(parts[1]) * 100 + Number((parts[2] ?? "").padEnd(2, "0"));
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
    if (draft.layoutId === "" && !/^[1-9]\d{0,5}$/.test(type.quantity))
      faults[`types.${index}.quantity`] = "A whole number.";
    if (draft.layoutId !== "" && type.sections.length === 0)
      faults[`types.${index}.sections`] = "Choose at least one section.";
  });
  return faults;
}

/** The event as the API wants it; of a draft without faults only. Times stay the venue's local ones: the server knows its zone. */
export function eventOf(draft: Draft, timeZone: string): NewEvent {
  const isSeated = draft.layoutId !== "";
  const session: NewSession = {
    starts_at: draft.startsAt,
    ...(isSeated ? { layout_id: Number(draft.layoutId) } : {}),
    ticket_types: draft.types.map((type) => ({
      name: type.name.trim(),
      price_minor: minorOf(type.price) ?? 0,
      premium: type.premium,
      ...(isSeated ? { sections: type.sections } : { quantity: Number(type.quantity) }),
    })),
  };
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    ...(draft.venueId === ""
      ? { venue: draft.venueName.trim(), time_zone: timeZone }
      : { venue_id: Number(draft.venueId) }),
    category: draft.category,
    ...(draft.room === "" ? {} : { room: draft.room }),
    ...(draft.perPersonLimit === "" ? {} : { per_person_limit: Number(draft.perPersonLimit) }),
    ...(draft.salesOpenAt === "" ? {} : { sales_open_at: draft.salesOpenAt }),
    status: "draft",
    sessions: [session],
  };
}
