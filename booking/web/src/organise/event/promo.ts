import type { EventDetail, NewPromoCode } from "../../api/types";
import { timeText } from "../../ui/time";
import { instantOf } from "../rooms/rules";
import { minorOf } from "../numbers";

export type PromoKind = "percent" | "amount" | "nothing";

/** A ticket type as it is named in a list of all of an event's. */
export interface OfferedType {
  id: number;
  text: string;
  isHidden: boolean;
}

/** An event's ticket types; with several dates each is named with its own. */
export const typesOf = ({ sessions }: Pick<EventDetail, "sessions">): OfferedType[] =>
  sessions.flatMap((session) =>
    session.ticket_types.map((type) => ({
      id: type.id,
      text: sessions.length > 1 ? `${type.name}, ${timeText(session.starts_at, "both", session.time_zone)}` : type.name,
      isHidden: type.hidden,
    })),
  );

interface Chosen {
  kind: PromoKind;
  types: readonly number[];
  unlocks: readonly number[];
}

/** The code as the server takes it; texts that were left empty set no bound. */
export function promoOf(
  { kind, types, unlocks }: Chosen,
  value: (name: string) => string,
  units: number,
): NewPromoCode {
  const count = (name: string) => (value(name) === "" ? null : Number(value(name)));
  const off = {
    percent: { percent: Number(value("off")) },
    amount: { amount_minor: minorOf(value("off"), units) },
    nothing: {},
  };
  return {
    code: value("code").trim(),
    ...off[kind],
    ...(types.length > 0 ? { ticket_types: [...types] } : {}),
    ...(unlocks.length > 0 ? { unlocks: [...unlocks] } : {}),
    valid_from: instantOf(value("valid_from")),
    valid_until: instantOf(value("valid_until")),
    uses_max: count("uses_max"),
    uses_per_person: count("uses_per_person"),
  };
}
