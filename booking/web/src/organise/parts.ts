import type { LayoutPlan, SeatSnapshot } from "../api/types";

/** What of a seating plan a ticket type can sell: whole sections, or the price categories of an imported plan. */
export type PartKind = "sections" | "categories";

/** A section or category with seats. */
export interface Part {
  name: string;
  /** `#rrggbb`, where the plan gives it one. */
  colour: string | null;
  seats: number;
}

/** The price categories of a plan; only imported ones have any. */
export const categoriesOf = (plan: LayoutPlan): { name: string; colour: string | null }[] =>
  (plan.categories ?? []).map(({ name, colour }) => ({ name, colour: colour ?? null }));

type Section = LayoutPlan["sections"][number];
type Seat = Section["rows"][number]["seats"][number];

/** Each seat of a plan with its section and row. */
function* seatsOf(plan: LayoutPlan): Generator<{ section: string; row: string; seat: Seat }> {
  for (const section of plan.sections)
    for (const row of section.rows) for (const seat of row.seats) yield { section: section.name, row: row.label, seat };
}

const nameOf = (plan: LayoutPlan, kind: PartKind, section: string, seat: Seat): string | undefined =>
  kind === "sections" ? section : plan.categories?.[seat.category ?? -1]?.name;

/** The parts of a plan that have seats, in the plan's order. */
export function partsOf(plan: LayoutPlan, kind: PartKind): Part[] {
  const counts = new Map<string, number>();
  for (const { section, seat } of seatsOf(plan)) {
    const name = nameOf(plan, kind, section, seat);
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const named = kind === "sections" ? plan.sections.map(({ name }) => ({ name, colour: null })) : categoriesOf(plan);
  return named.flatMap(({ name, colour }) => {
    const seats = counts.get(name);
    return seats === undefined ? [] : [{ name, colour, seats }];
  });
}

/** Parts of which a session sells a seat already: no other ticket type can have them. */
export function partsSold(plan: LayoutPlan, kind: PartKind, { seats, layout }: SeatSnapshot): Set<string> {
  const names = new Map(layout.sections.map(({ id, name }) => [id, name]));
  const sold = new Set(seats.labels.map((label, at) => seatKey(names.get(seats.section[at]!), seats.rows[at], label)));
  const parts = new Set<string>();
  for (const { section, row, seat } of seatsOf(plan)) {
    const name = nameOf(plan, kind, section, seat);
    if (name !== undefined && sold.has(seatKey(section, row, seat.label))) parts.add(name);
  }
  return parts;
}

const seatKey = (...words: (string | undefined)[]): string => words.join("\n");

/** The category of a section's seat that is nearest to a point of the plan; undefined where it is in none. */
export function categoryAt({ rows }: Section, at: { x: number; y: number }): number | undefined {
  const seats = rows.flatMap((row) => row.seats);
  const distance = (seat: Seat) => (seat.x - at.x) ** 2 + (seat.y - at.y) ** 2;
  const nearest = seats.reduce<Seat | null>(
    (best, seat) => (best === null || distance(seat) < distance(best) ? seat : best),
    null,
  );
  return nearest?.category ?? undefined;
}
