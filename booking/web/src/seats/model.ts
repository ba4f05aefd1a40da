import type { MapSection, SeatDelta, SeatSnapshot, SeatTicketType } from "../api/types";
import { areaOf, type Box, middleOf, outlineOf, type Point, PointGrid, pitchOf } from "./geometry";
import { placeText, seatNumber } from "./place";

/** State of one seat: one small number, so that 50,000 of them are one array. */
export const seatState = { free: 0, held: 1, sold: 2, blocked: 3 } as const;
export type SeatState = (typeof seatState)[keyof typeof seatState];

const stateOf = (letter: string): SeatState =>
  letter === "f"
    ? seatState.free
    : letter === "h"
      ? seatState.held
      : letter === "s"
        ? seatState.sold
        : seatState.blocked;

export interface SectionView extends MapSection {
  /** Indexes of the section's seats, in the order of the layout. */
  seats: Int32Array;
  /** Where its seats are; the section's own box if it has none. */
  box: Box;
  /** The block as it is drawn, and where its name stands. */
  outline: Point[];
  middle: Point;
  /** Side of a square as large as the block: how much room its name has, however the block is turned. */
  breadth: number;
  /** Do its rows run along the page? Only then a name above it stands clear of its neighbours. */
  isUpright: boolean;
}

/** The places of a session: fixed after loading. Seats are known by their index into the columns. */
export interface SeatPlan {
  count: number;
  ids: number[];
  labels: string[];
  rows: string[];
  x: Float32Array;
  y: Float32Array;
  /** Index into `sections`. */
  section: Uint16Array;
  /** Index into `types`. */
  type: Uint16Array;
  /** Made when it is first asked for, like the grid: the first picture of a large venue needs neither. */
  readonly indexOf: Map<number, number>;
  sections: SectionView[];
  types: SeatTicketType[];
  /** Where the stage is drawn, if the layout says. */
  stage: Box | null;
  /** The drawing behind the seats, and what it covers. */
  background: (Box & { url: string }) | null;
  world: Box;
  pitch: number;
  readonly grid: PointGrid;
}

/** What changes while the map is open; `version` grows with every change. */
export interface SeatStates {
  version: number;
  state: Uint8Array;
  /** Free seats, by index of the section. */
  freeBySection: Int32Array;
  /** Tickets left by ticket type id; general admission is counted by the server alone. */
  remaining: Record<string, number>;
}

/** Turns the server's columns into arrays the map can draw from. */
export function planOf(snapshot: SeatSnapshot): SeatPlan {
  const { seats, layout, ticket_types: types } = snapshot;
  const count = seats.ids.length;
  const x = new Float32Array(seats.x);
  const y = new Float32Array(seats.y);
  const section = placesOf(seats.section, layout.sections);
  const type = placesOf(seats.ticket_type, types);
  const pitch = pitchOf(x, y);
  const world = worldOf(layout, x, y, pitch);
  const seatsOf = seatsBySection(section, layout.sections.length);
  const indexOf = once(() => new Map(seats.ids.map((id, index) => [id, index])));
  const grid = once(() => new PointGrid(x, y, world, pitch * 4));
  return {
    count,
    ids: seats.ids,
    labels: seats.labels,
    rows: seats.rows,
    x,
    y,
    section,
    type,
    get indexOf() {
      return indexOf();
    },
    sections: layout.sections.map((each, index) => sectionView(each, seatsOf[index]!, seats.rows, x, y, pitch)),
    types,
    stage: layout.stage ?? null,
    background: layout.background ?? null,
    world,
    pitch,
    get grid() {
      return grid();
    },
  };
}

/** Where each id stands in a list of things; a loop, because `from` with a function takes five times as long. */
function placesOf(ids: readonly number[], things: readonly { id: number }[]): Uint16Array {
  const placeOf = new Map(things.map(({ id }, place) => [id, place]));
  const places = new Uint16Array(ids.length);
  for (let i = 0; i < ids.length; i++) places[i] = placeOf.get(ids[i]!) ?? 0;
  return places;
}

/** Makes a thing when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function worldOf(layout: SeatSnapshot["layout"], x: Float32Array, y: Float32Array, pitch: number): Box {
  const seats = boxOf(x, y, null, pitch);
  const w = Math.max(layout.width, seats === null ? 0 : seats.x + seats.w);
  const h = Math.max(layout.height, seats === null ? 0 : seats.y + seats.h);
  return { x: 0, y: 0, w: w || 1, h: h || 1 };
}

function boxOf(x: Float32Array, y: Float32Array, indexes: Int32Array | null, pitch: number): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const length = indexes?.length ?? x.length;
  for (let k = 0; k < length; k++) {
    const i = indexes === null ? k : indexes[k]!;
    left = Math.min(left, x[i]!);
    right = Math.max(right, x[i]!);
    top = Math.min(top, y[i]!);
    bottom = Math.max(bottom, y[i]!);
  }
  if (right < left) return null;
  return {
    x: left - pitch * 0.7,
    y: top - pitch * 0.7,
    w: right - left + pitch * 1.4,
    h: bottom - top + pitch * 1.4,
  };
}

/** The indexes of each section's seats, in the order of the layout: one pass to count, one to fill. */
function seatsBySection(sectionOf: Uint16Array, sections: number): Int32Array[] {
  const counts = new Int32Array(sections);
  for (let i = 0; i < sectionOf.length; i++) counts[sectionOf[i]!]! += 1;
  const seats = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let i = 0; i < sectionOf.length; i++) {
    const section = sectionOf[i]!;
    seats[section]![counts[section]!++] = i;
  }
  return seats;
}

function meanOf(seats: Int32Array, x: Float32Array, y: Float32Array): Point {
  let [sumX, sumY] = [0, 0];
  for (const i of seats) {
    sumX += x[i]!;
    sumY += y[i]!;
  }
  return { x: sumX / seats.length, y: sumY / seats.length };
}

function sectionView(
  section: MapSection,
  seats: Int32Array,
  rows: readonly string[],
  x: Float32Array,
  y: Float32Array,
  pitch: number,
): SectionView {
  const box = boxOf(x, y, seats, pitch) ?? { x: section.x, y: section.y, w: section.w, h: section.h };
  const outline = seats.length > 0 ? outlineOf(rowsOf(seats, rows, x, y)) : cornersOf(box);
  const area = areaOf(outline);
  const middle = seats.length > 0 ? meanOf(seats, x, y) : middleOf(outline);
  const isUpright = area > 0.72 * box.w * box.h;
  return { ...section, seats, box, outline, middle, breadth: Math.sqrt(area), isUpright };
}

const cornersOf = ({ x, y, w, h }: Box): Point[] => [
  { x, y },
  { x: x + w, y },
  { x: x + w, y: y + h },
  { x, y: y + h },
];

/** A section row by row, as they come; of rows between the first and the last only the ends, for more no outline needs. */
function rowsOf(seats: Int32Array, rows: readonly string[], x: Float32Array, y: Float32Array): Point[][] {
  const starts: number[] = [];
  for (let k = 0; k < seats.length; k++) {
    if (k === 0 || rows[seats[k]!] !== rows[seats[k - 1]!]) starts.push(k);
  }
  return starts.map((start, row) => {
    const end = starts[row + 1] ?? seats.length;
    const isBetween = row > 0 && end < seats.length;
    const shown = isBetween ? [seats[start]!, seats[end - 1]!] : [...seats.subarray(start, end)];
    return shown.map((i) => ({ x: x[i]!, y: y[i]! }));
  });
}

const isSame = <T>(a: ArrayLike<T>, b: ArrayLike<T>): boolean => {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
};

/** Has a snapshot the seats of a plan, where they were? An organiser may move a session to another seating plan. */
export const isPlanOf = (plan: SeatPlan, { seats }: SeatSnapshot): boolean =>
  isSame(plan.ids, seats.ids) &&
  isSame(plan.labels, seats.labels) &&
  isSame(plan.rows, seats.rows) &&
  isSame(plan.x, seats.x) &&
  isSame(plan.y, seats.y);

export function statesOf(plan: SeatPlan, snapshot: SeatSnapshot): SeatStates {
  const state = new Uint8Array(plan.count);
  const freeBySection = new Int32Array(plan.sections.length);
  const letters = snapshot.seats.state;
  for (let i = 0; i < plan.count; i++) {
    state[i] = stateOf(letters[i] ?? "b");
    if (state[i] === seatState.free) freeBySection[plan.section[i]!]! += 1;
  }
  const remaining: Record<string, number> = {};
  for (const type of snapshot.ticket_types) if (type.remaining !== undefined) remaining[type.id] = type.remaining;
  return { version: snapshot.version, state, freeBySection, remaining };
}

/** The states after a delta; the same object if it is old news. The arrays are updated in place, the object is new. */
export function applyDelta(plan: SeatPlan, states: SeatStates, delta: SeatDelta): SeatStates {
  if (delta.version <= states.version) return states;
  for (const [id, letter] of delta.changes) {
    const i = plan.indexOf.get(id);
    if (i === undefined) continue;
    const next = stateOf(letter);
    const before = states.state[i]!;
    if (before === next) continue;
    const section = plan.section[i]!;
    if (before === seatState.free) states.freeBySection[section]! -= 1;
    if (next === seatState.free) states.freeBySection[section]! += 1;
    states.state[i] = next;
  }
  return {
    ...states,
    version: delta.version,
    remaining: { ...states.remaining, ...delta.remaining },
  };
}

/** The name of a seat as it is printed on the ticket: section, row, seat. */
export const seatName = (plan: SeatPlan, index: number): string =>
  placeText({
    section: plan.sections[plan.section[index]!]?.name ?? null,
    row: plan.rows[index] ?? null,
    label: plan.labels[index] ?? null,
  });

/** What is written on the seat itself. */
export const shortLabel = (plan: SeatPlan, index: number): string =>
  seatNumber(plan.rows[index] ?? null, plan.labels[index] ?? "");

export const priceOf = (plan: SeatPlan, index: number): number => plan.types[plan.type[index]!]?.price_minor ?? 0;

/**
 * The index of the ticket type whose best seats a fan gets who leaves the choice to us: the cheapest of those she sees
 * (all, when `shown` is null) with so many seats left, as the shop itself takes the cheapest. Where none has so many it is
 * the cheapest, so that the shop says so.
 */
export function cheapestWith(
  plan: SeatPlan,
  states: SeatStates,
  shown: ReadonlySet<number> | null,
  quantity: number,
): number {
  const free = new Int32Array(plan.types.length);
  states.state.forEach((state, index) => {
    if (state === seatState.free) free[plan.type[index]!]! += 1;
  });
  const seen = shown === null ? plan.types.map((_, index) => index) : [...shown];
  const byPrice = seen.sort((a, b) => plan.types[a]!.price_minor - plan.types[b]!.price_minor);
  return byPrice.find((type) => free[type]! >= quantity) ?? byPrice[0]!;
}

/**
 * Ours as the fan sees the map: what she holds or chose is never shown as somebody else's.
 * Gives the choice without the seats that have gone meanwhile.
 */
export function dropGone(
  plan: SeatPlan,
  states: SeatStates,
  chosen: readonly number[],
): { kept: number[]; gone: number[] } {
  const kept: number[] = [];
  const gone: number[] = [];
  for (const id of chosen) {
    const index = plan.indexOf.get(id);
    (index !== undefined && states.state[index] === seatState.free ? kept : gone).push(id);
  }
  return { kept, gone };
}

/**
 * Free seats to offer in place of lost ones: for each, the nearest free seat of the same price, nearest first.
 * Looks in growing squares around the lost seat, so that the cost doesn't grow with the venue.
 */
export function nearestFree(
  plan: SeatPlan,
  states: SeatStates,
  lost: readonly number[],
  taken: readonly number[],
): number[] {
  const used = new Set(taken);
  const offered: number[] = [];
  for (const id of lost) {
    const index = plan.indexOf.get(id);
    if (index === undefined) continue;
    const found = nearestTo(plan, states, index, used);
    if (found === null) continue;
    used.add(found);
    offered.push(found);
  }
  return offered;
}

function nearestTo(plan: SeatPlan, states: SeatStates, from: number, used: ReadonlySet<number>): number | null {
  const [x, y] = [plan.x[from]!, plan.y[from]!];
  const widest = Math.max(plan.world.w, plan.world.h) * 2;
  for (let reach = plan.pitch * 3; reach < widest; reach *= 2) {
    let best: number | null = null;
    let bestSquare = reach * reach;
    plan.grid.each({ x: x - reach, y: y - reach, w: 2 * reach, h: 2 * reach }, (i) => {
      if (states.state[i] !== seatState.free || plan.type[i] !== plan.type[from] || used.has(plan.ids[i]!)) return;
      const square = (plan.x[i]! - x) ** 2 + (plan.y[i]! - y) ** 2;
      if (square <= bestSquare) {
        bestSquare = square;
        best = plan.ids[i]!;
      }
    });
    if (best !== null) return best;
  }
  return null;
}
