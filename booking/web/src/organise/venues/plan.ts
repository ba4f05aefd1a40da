import type { LayoutPlan, SectionSpec } from "../../api/types";

/**
 * The server's own arithmetic (booking/src/venues/plan.rs), so that a plan is seen before it is saved. The same
 * sections give the same plan on both sides; a test of the browser holds them to it.
 */

/** Distances in plan units: between neighbours, between rows, what an aisle adds, and around the plan. */
export const seatPitch = 20;
export const rowPitch = 24;
const aisle = 24;
const margin = 60;

/** Most seats of one plan, most rows or seats of a row, most sections. */
export const seatsMost = 100_000;
export const sideMost = 1_000;
export const sectionsMost = 200;

type PlanSection = LayoutPlan["sections"][number];
type Area = LayoutPlan["stage"];

/** Seats of a section's row, counted from 0. */
export const columnsOf = (spec: SectionSpec, row: number): number => spec.columns + (spec.columns_step ?? 0) * row;

/** Seats of a section; none where people stand. */
export const seatsOf = (spec: SectionSpec): number =>
  spec.standing ? 0 : (spec.rows * (spec.columns + columnsOf(spec, spec.rows - 1))) / 2;

export const capacityOf = (specs: readonly SectionSpec[]): number =>
  specs.reduce((sum, spec) => sum + seatsOf(spec), 0);

/** A plan seen from the stage's centre, and all that it covers with the space around it. */
export interface MadePlan {
  plan: LayoutPlan;
  box: Area;
}

/** The plan of sections without mistakes, its nought at the stage's centre: it stays where it is as sections change. */
export function centredPlanOf(specs: readonly SectionSpec[]): MadePlan {
  let nextY = margin;
  const sections = specs.map((spec) => {
    const made = sectionOf(spec, nextY);
    if (!spec.around) nextY = Math.max(nextY, made.y + made.h + margin);
    return made;
  });
  const stage = stageOf(specs, sections);
  const areas = [...sections, stage];
  const x = Math.min(...areas.map((area) => area.x)) - margin;
  const y = Math.min(...areas.map((area) => area.y)) - margin;
  const w = Math.max(...areas.map((area) => area.x + area.w)) + margin - x;
  const h = Math.max(...areas.map((area) => area.y + area.h)) + margin - y;
  return { plan: { width: w, height: h, stage, sections }, box: { x, y, w, h } };
}

/** The same as the server keeps it, its top left corner at 0, 0. */
export function planOf(specs: readonly SectionSpec[]): LayoutPlan {
  const { plan, box } = centredPlanOf(specs);
  return {
    ...plan,
    stage: { ...plan.stage, x: plan.stage.x - box.x, y: plan.stage.y - box.y },
    sections: plan.sections.map((section) => moved(section, -box.x, -box.y)),
  };
}

const moved = (section: PlanSection, x: number, y: number): PlanSection => ({
  ...section,
  x: section.x + x,
  y: section.y + y,
  rows: section.rows.map((row) => ({
    ...row,
    seats: row.seats.map((seat) => ({ ...seat, x: seat.x + x, y: seat.y + y })),
  })),
});

/** A round stage in the middle of curved sections, else a wide one above the straight ones. */
function stageOf(specs: readonly SectionSpec[], sections: readonly PlanSection[]): Area {
  const radii = specs.flatMap(({ around }) => (around ? [around.radius] : []));
  if (radii.length > 0) {
    const radius = Math.min(...radii);
    const [start, side] = [-Math.trunc(radius / 3), Math.trunc((radius * 2) / 3)];
    return { x: start, y: start, w: side, h: side };
  }
  const widest = Math.max(...sections.map(({ w }) => w));
  const top = Math.min(0, ...sections.map(({ y }) => y));
  return { x: -Math.trunc(widest / 3), y: top - 40, w: Math.trunc((widest * 2) / 3), h: 40 };
}

function sectionOf(spec: SectionSpec, nextY: number): PlanSection {
  const widest = rowWidth(spec, columnsOf(spec, spec.rows - 1));
  const corner = spec.at ?? { x: -Math.trunc((widest + seatPitch) / 2), y: nextY };
  const rows = Array.from({ length: spec.rows }, (_, row) => rowOf(spec, row, corner, widest));
  const area = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const seat of rows.flatMap(({ seats }) => seats)) {
    area.left = Math.min(area.left, seat.x);
    area.top = Math.min(area.top, seat.y);
    area.right = Math.max(area.right, seat.x);
    area.bottom = Math.max(area.bottom, seat.y);
  }
  return {
    name: spec.name,
    x: area.left - seatPitch / 2,
    y: area.top - seatPitch / 2,
    w: area.right - area.left + seatPitch,
    h: area.bottom - area.top + seatPitch,
    standing: spec.standing ?? false,
    rows: spec.standing ? [] : rows,
  };
}

function rowOf(spec: SectionSpec, row: number, corner: { x: number; y: number }, widest: number) {
  const columns = columnsOf(spec, row);
  const width = rowWidth(spec, columns);
  const seats = Array.from({ length: columns }, (_, column) => {
    const along = offset(spec, column);
    const place = spec.around
      ? onArc(spec.around, row, along - Math.trunc(width / 2))
      : {
          x: corner.x + seatPitch / 2 + Math.trunc((widest - width) / 2) + along,
          y: corner.y + seatPitch / 2 + rowPitch * row,
        };
    return { label: seatLabel(spec.seat_numbers ?? "left_to_right", column, columns), ...place };
  });
  return { label: rowLabel(spec.row_labels ?? "letters", row), seats };
}

/** The point `along` units beside the middle of a row, measured on the arc. */
function onArc(around: { radius: number; degrees: number }, row: number, along: number) {
  const radius = around.radius + rowPitch * row;
  const angle = (around.degrees / 360) * 2 * Math.PI + along / radius;
  return { x: rounded(radius * Math.sin(angle)), y: rounded(radius * Math.cos(angle)) };
}

/** To the nearest whole, halves away from nought, as the server rounds. */
const rounded = (value: number): number => Math.sign(value) * Math.round(Math.abs(value)) + 0;

/** Units from the first seat of a row to its seat `column`. */
function offset(spec: SectionSpec, column: number): number {
  const aisles = (spec.aisles ?? []).filter((after) => after >= 1 && after <= column).length;
  return column * seatPitch + aisles * aisle;
}

const rowWidth = (spec: SectionSpec, columns: number): number => offset(spec, Math.max(0, columns - 1));

export function rowLabel(labels: NonNullable<SectionSpec["row_labels"]>, row: number): string {
  if (labels === "numbers") return String(row + 1);
  let label = "";
  for (let rest = row + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    label = String.fromCharCode(65 + ((rest - 1) % 26)) + label;
  }
  return label;
}

export function seatLabel(numbers: NonNullable<SectionSpec["seat_numbers"]>, column: number, columns: number): string {
  if (numbers === "left_to_right") return String(column + 1);
  if (numbers === "right_to_left") return String(columns - column);
  const left = Math.ceil(columns / 2);
  return String(column < left ? (left - 1 - column) * 2 + 1 : (column - left) * 2 + 2);
}
