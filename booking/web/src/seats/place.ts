import type { SeatPlace } from "../api/types";
import { say } from "./words";

/** A seat's label without its row: `12` of `C12` or `C-12`. */
export function seatNumber(row: string | null | undefined, label: string): string {
  return row && label.startsWith(row) && label.length > row.length
    ? label.slice(row.length).replace(/^[-\s]+/, "")
    : label;
}

/** A place as it is said at the door: `Stalls, row C, seat 12`; without a seat number the section or `Standing`. */
export function placeText(place: SeatPlace | null | undefined): string {
  if (!place?.label) return place?.section ?? say("standing");
  const { section, row, label } = place;
  return [section, row && say("row", { row }), say("seat", { seat: seatNumber(row, label) })]
    .filter(Boolean)
    .join(", ");
}
