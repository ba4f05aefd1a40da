import type { SectionSpec } from "../../api/types";
import type { Point } from "../../seats/geometry";
import { capacityOf, columnsOf, seatsOf, sectionsMost, seatsMost, sideMost } from "./plan";

/** A section in the editor: what the server takes, and a key that stays when it is renamed. */
export interface EditedSection {
  key: number;
  spec: SectionSpec;
}

/** Where a section lies. */
export type Placing = "below" | "at" | "around";

export const placingOf = ({ at, around }: SectionSpec): Placing => (around ? "around" : at ? "at" : "below");

/** A section placed in another way, near where one would expect it. */
export const placed = (spec: SectionSpec, placing: Placing): SectionSpec => ({
  ...spec,
  at: placing === "at" ? (spec.at ?? { x: 0, y: 60 }) : null,
  around: placing === "around" ? (spec.around ?? { radius: 300, degrees: 0 }) : null,
});

/**
 * A section pulled from one point to another, both seen from the stage's centre: placed ones are moved, curved ones go
 * around the stage in steps of half a degree. Stacked ones stay.
 */
export function pulled(spec: SectionSpec, from: Point, to: Point): SectionSpec {
  if (spec.at) {
    const stepped = (value: number) => Math.round(value / 10) * 10;
    return { ...spec, at: { x: stepped(spec.at.x + to.x - from.x), y: stepped(spec.at.y + to.y - from.y) } };
  }
  if (!spec.around) return spec;
  const degreesOf = ({ x, y }: Point) => (Math.atan2(x, y) * 180) / Math.PI;
  const turned = spec.around.degrees + degreesOf(to) - degreesOf(from);
  const half = Math.round(turned * 2) / 2;
  return { ...spec, around: { ...spec.around, degrees: ((half % 360) + 360) % 360 } };
}

/** `"7, 21"` → [7, 21]; what is no number is left out. */
export const aislesOf = (text: string): number[] =>
  [
    ...new Set(
      text
        .split(/[^\d]+/)
        .filter(Boolean)
        .map(Number),
    ),
  ]
    .filter((after) => after > 0)
    .sort((a, b) => a - b);

/** What can't be saved, by `section index/field`; `sections` for the whole. */
export function faultsOf(specs: readonly SectionSpec[]): Record<string, string> {
  const faults: Record<string, string> = {};
  const names = new Set<string>();
  specs.forEach((spec, index) => {
    const fault = (field: string, says: string) => (faults[`${index}/${field}`] = says);
    const name = spec.name.trim();
    if (name === "") fault("name", "Name it.");
    else if (names.has(name)) fault("name", "Another section has this name.");
    names.add(name);
    if (!isSide(spec.rows)) fault("rows", `1 to ${sideMost}.`);
    if (!isSide(spec.columns)) fault("columns", `1 to ${sideMost}.`);
    else if (isSide(spec.rows) && columnsOf(spec, spec.rows - 1) > sideMost)
      fault("columns_step", `The last row would have more than ${sideMost} seats.`);
    if (spec.around && !(spec.around.radius >= 20)) fault("radius", "At least 20.");
  });
  if (Object.keys(faults).length > 0) return faults;
  const seats = capacityOf(specs);
  if (specs.length > sectionsMost) faults["sections"] = `At most ${sectionsMost} sections.`;
  else if (seats === 0) faults["sections"] = "Give at least one section seats; standing room alone needs no plan.";
  else if (seats > seatsMost)
    faults["sections"] = `${seats.toLocaleString()} seats; a plan has at most ${seatsMost.toLocaleString()}.`;
  return faults;
}

const isSide = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= sideMost;

/** What a plan can be drawn of while a number is being typed; null where it would be too large. */
export function drawable(specs: readonly SectionSpec[]): SectionSpec[] | null {
  const side = (value: number) => (Number.isFinite(value) ? Math.min(sideMost, Math.max(1, Math.floor(value))) : 1);
  const drawn = specs.map((spec) => ({
    ...spec,
    rows: side(spec.rows),
    columns: side(spec.columns),
    columns_step: spec.columns_step && spec.columns_step > 0 ? Math.floor(spec.columns_step) : 0,
    ...(spec.around ? { around: { ...spec.around, radius: Math.max(20, spec.around.radius || 20) } } : {}),
  }));
  const places = drawn.reduce((sum, spec) => sum + seatsOf({ ...spec, standing: false }), 0);
  return drawn.length > 0 && places <= seatsMost ? drawn : null;
}

/** Blocks of a ring around the stage: `blocks` of them, an equal part of the circle each. */
export interface Ring {
  name: string;
  radius: number;
  rows: number;
  columns: number;
  blocks: number;
}

/** A ring's sections; rows grow by a seat, so that the ways between blocks stay open. */
export const ringOf = ({ name, radius, rows, columns, blocks }: Ring): SectionSpec[] =>
  Array.from({ length: blocks }, (_, block) => ({
    name: blocks === 1 ? name : `${name} ${block + 1}`,
    rows,
    columns,
    columns_step: 1,
    around: { radius, degrees: Math.round((block * 360_000) / blocks) / 1000 },
  }));

/** How many seats fit into a block of a ring without touching the next, and at least one. */
export const columnsThatFit = (radius: number, blocks: number): number =>
  Math.max(1, Math.floor((2 * Math.PI * radius) / blocks / 20) - 2);

/** A ring that lies outside everything there is. */
export function radiusOutside(specs: readonly SectionSpec[]): number {
  const ends = specs.flatMap(({ around, rows }) => (around ? [around.radius + rows * 24 + 60] : []));
  return Math.max(160, ...ends);
}

/** Plans to begin with. */
export const templates: Record<string, { name: string; says: string; sections: () => SectionSpec[] }> = {
  theatre: {
    name: "Theatre",
    says: "Stalls and a circle, straight rows with aisles",
    sections: () => [
      { name: "Stalls", rows: 14, columns: 28, aisles: [7, 21], seat_numbers: "odd_even" },
      { name: "Dress Circle", rows: 6, columns: 32, aisles: [8, 24], seat_numbers: "odd_even" },
    ],
  },
  hall: {
    name: "Concert hall",
    says: "Curved rows in front of the stage, standing room behind",
    sections: () => [
      { name: "Front", rows: 6, columns: 20, around: { radius: 260, degrees: 0 }, seat_numbers: "odd_even" },
      { name: "Middle", rows: 8, columns: 26, aisles: [13], around: { radius: 440, degrees: 0 } },
      { name: "Floor", rows: 10, columns: 40, standing: true, at: { x: -400, y: 700 } },
    ],
  },
  arena: {
    name: "Arena",
    says: "Two rings of blocks all around",
    sections: () => [
      ...ringOf({ name: "Lower", radius: 220, rows: 8, columns: 7, blocks: 8 }),
      ...ringOf({ name: "Upper", radius: 480, rows: 10, columns: 16, blocks: 8 }),
    ],
  },
  cinema: {
    name: "Cinema",
    says: "One block with a middle aisle",
    sections: () => [{ name: "Screen 1", rows: 10, columns: 18, aisles: [9] }],
  },
};
