import type { LayoutPlan } from "../../api/types";
import {
  type Box,
  isInside,
  outlineOf,
  overlaps,
  type Point,
  toScreen,
  type View,
  visibleBox,
} from "../../seats/geometry";
import { drawPlate } from "../../seats/plate";

/** The colours of the page that a plan is painted with. */
export interface PlanColours {
  ink: string;
  soft: string;
  card: string;
  block: string;
  chosen: string;
}

/** What one painting needs. */
export interface PlanScene {
  plan: LayoutPlan;
  outlines: readonly (readonly Point[])[];
  colours: PlanColours;
  /** Of each section's seats, by the section's place; null for the page's own. */
  seatColours: readonly (string | null)[];
  /** Of each price category's seats, in place of their sections' colours. */
  categoryColours: readonly (string | null)[] | null;
  /** The drawing behind an imported plan, once it is there. */
  picture: CanvasImageSource | null;
  chosen: number | null;
}

type Pen = CanvasRenderingContext2D;
type Section = LayoutPlan["sections"][number];
type Seat = Section["rows"][number]["seats"][number];

/** What sections cover, so that a curved one looks curved; a rectangle where people stand. */
export const outlinesOf = (plan: LayoutPlan): Point[][] =>
  plan.sections.map((section) =>
    section.standing ? cornersOf(section) : grown(outlineOf(section.rows.map((row) => row.seats)), section),
  );

const cornersOf = ({ x, y, w, h }: Box): Point[] => [
  { x, y },
  { x: x + w, y },
  { x: x + w, y: y + h },
  { x, y: y + h },
];

/** One row alone has no area: its section's rectangle stands for it. */
const grown = (outline: Point[], section: Section): Point[] => (section.rows.length < 2 ? cornersOf(section) : outline);

/** The section under a point, the last drawn first; −1 for none. */
export const sectionAt = (outlines: readonly (readonly Point[])[], at: Point): number =>
  outlines.findLastIndex((outline) => isInside(outline, at));

/** Seats smaller than this on the screen are drawn as one ground. */
const leastPx = 1.6;

export function paintPlan(pen: Pen, scene: PlanScene, view: View, size: { w: number; h: number }): void {
  const { plan, outlines, colours, seatColours, categoryColours, picture, chosen } = scene;
  const seen = visibleBox(view, size, 40);
  pen.clearRect(0, 0, size.w, size.h);
  if (picture) drawPlate(pen, onScreen(view, { x: 0, y: 0, w: plan.width, h: plan.height }), picture, colours.card);
  paintStage(pen, plan.stage, colours, view);
  plan.sections.forEach((section, index) => {
    if (!overlaps(section, seen)) return;
    const colour = seatColours[index] ?? colours.soft;
    const colourOf = (seat: Seat) =>
      categoryColours === null ? colour : (categoryColours[seat.category ?? -1] ?? colours.soft);
    ground(pen, outlines[index] ?? [], view, index === chosen ? colours.chosen : colours.block, colours.block);
    if (section.standing) hatch(pen, outlines[index] ?? [], section, view, colour);
    else paintSeats(pen, section, view, seen, colourOf);
  });
  plan.sections.forEach((section, index) => {
    if (overlaps(section, seen)) name(pen, section, view, colours, index === chosen);
  });
}

function onScreen(view: View, box: Box): Box {
  return { ...toScreen(view, box), w: box.w * view.scale, h: box.h * view.scale };
}

function paintStage(pen: Pen, stage: Box, colours: PlanColours, view: View): void {
  const { w, h, ...at } = onScreen(view, stage);
  pen.fillStyle = colours.ink;
  pen.beginPath();
  pen.roundRect(at.x, at.y, w, h, Math.min(6, h / 3));
  pen.fill();
  const font = Math.min(h * 0.5, w / 6, 18);
  if (font < 7) return;
  pen.fillStyle = colours.card;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.font = `800 ${font}px Archivo, sans-serif`;
  pen.fillText("STAGE", at.x + w / 2, at.y + h / 2);
}

function trace(pen: Pen, outline: readonly Point[], view: View): void {
  pen.beginPath();
  for (const corner of outline) {
    const { x, y } = toScreen(view, corner);
    pen.lineTo(x, y);
  }
  pen.closePath();
}

/** The ground of a section; its rim is as wide as half a seat, so that seats at the edge lie on it. */
function ground(pen: Pen, outline: readonly Point[], view: View, rim: string, fill: string): void {
  trace(pen, outline, view);
  pen.lineJoin = "round";
  pen.lineWidth = Math.max(6, 26 * view.scale);
  pen.strokeStyle = rim;
  pen.stroke();
  pen.fillStyle = fill;
  pen.fill();
}

/** Standing room: hatched, as it has no seats to draw. */
function hatch(pen: Pen, outline: readonly Point[], box: Box, view: View, colour: string): void {
  const from = toScreen(view, box);
  const [w, h] = [box.w * view.scale, box.h * view.scale];
  pen.save();
  trace(pen, outline, view);
  pen.clip();
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (let along = -h; along < w; along += 9) {
    pen.moveTo(from.x + along, from.y + h);
    pen.lineTo(from.x + along + h, from.y);
  }
  pen.stroke();
  pen.restore();
}

function paintSeats(pen: Pen, section: Section, view: View, seen: Box, colourOf: (seat: Seat) => string): void {
  const side = 14 * view.scale;
  if (side < leastPx) {
    const { x, y, w, h } = onScreen(view, section);
    pen.globalAlpha = 0.5;
    pen.fillStyle = colourOf(middleSeat(section));
    pen.fillRect(x, y, w, h);
    pen.globalAlpha = 1;
    return;
  }
  // One path for each colour: a fill for every seat takes a hundred times as long.
  const paths = new Map<string, Path2D>();
  for (const { seats: row } of section.rows) {
    for (const seat of row) {
      if (seat.x < seen.x || seat.x > seen.x + seen.w || seat.y < seen.y || seat.y > seen.y + seen.h) continue;
      const colour = colourOf(seat);
      const path = paths.get(colour) ?? new Path2D();
      paths.set(colour, path);
      const { x, y } = toScreen(view, seat);
      if (side < 5) path.rect(x - side / 2, y - side / 2, side, side);
      else path.roundRect(x - side / 2, y - side / 2, side, side, [side * 0.4, side * 0.4, side * 0.15, side * 0.15]);
    }
  }
  for (const [colour, path] of paths) {
    pen.fillStyle = colour;
    pen.fill(path);
  }
  if (side > 15) labels(pen, section, view, seen, side);
}

/** Numbers on the seats, once they can be read. */
function labels(pen: Pen, section: Section, view: View, seen: Box, side: number): void {
  pen.fillStyle = "#fff";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.font = `700 ${side * 0.5}px Archivo, sans-serif`;
  for (const { seats: row } of section.rows) {
    for (const seat of row) {
      if (seat.x < seen.x || seat.x > seen.x + seen.w || seat.y < seen.y || seat.y > seen.y + seen.h) continue;
      const { x, y } = toScreen(view, seat);
      pen.fillText(seat.label, x, y);
    }
  }
}

function name(pen: Pen, section: Section, view: View, colours: PlanColours, isChosen: boolean): void {
  const middle = toScreen(view, middleSeat(section));
  const font = Math.max(10, Math.min(16, Math.min(section.w, section.h) * view.scale * 0.16));
  pen.font = `700 ${font}px Archivo, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const width = pen.measureText(section.name).width + 12;
  if (!isChosen && width > Math.max(section.w, section.h) * view.scale * 1.3) return;
  pen.fillStyle = isChosen ? colours.chosen : colours.card;
  pen.beginPath();
  pen.roundRect(middle.x - width / 2, middle.y - font * 0.75, width, font * 1.5, 5);
  pen.fill();
  pen.fillStyle = isChosen ? colours.card : colours.ink;
  pen.fillText(section.name, middle.x, middle.y + 1);
}

/** Where a section's name goes: on the middle seat of its middle row, which lies on it even where it is curved. */
function middleSeat(section: Section): Seat {
  const row = section.rows[Math.floor(section.rows.length / 2)]?.seats ?? [];
  const middle = { label: "", x: section.x + section.w / 2, y: section.y + section.h / 2 };
  return row[Math.floor(row.length / 2)] ?? middle;
}
