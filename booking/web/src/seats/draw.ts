import type { MapColours } from "./colours";
import { type Box, detailAt, overlaps, type Size, toScreen, type View, visibleBox } from "./geometry";
import { type SeatPlan, type SeatStates, type SectionView, seatState, shortLabel } from "./model";
import { drawPlate } from "./plate";
import { say } from "./words";

/** What one painting of the map needs; painting decides nothing else. */
export interface Scene {
  plan: SeatPlan;
  states: SeatStates;
  colours: MapColours;
  /** Ticket types (indexes) that the price filter shows; null shows all. */
  shown: ReadonlySet<number> | null;
  /** The drawing behind the seats, once it is there. */
  picture: CanvasImageSource | null;
}

type Pen = CanvasRenderingContext2D;
type SpriteKind = "free" | "premium" | "held" | "gone";

const faded = 0.22;
const seatShare = 0.8;

/** Paints sections, and seats when they are big enough to see. The pen's unit is the CSS pixel. */
export function drawBase(pen: Pen, scene: Scene, view: View, size: Size, pixelRatio: number): void {
  const { plan } = scene;
  const seen = visibleBox(view, size, 0);
  const pitch = plan.pitch * view.scale;
  const detail = detailAt(pitch);
  pen.clearRect(0, 0, size.w, size.h);
  if (plan.background !== null && scene.picture !== null)
    drawPlate(pen, boxOnScreen(view, plan.background), scene.picture, scene.colours.card);
  if (plan.stage !== null) drawStage(pen, scene, view, plan.stage);
  plan.sections.forEach((section, index) => {
    if (!overlaps(section.box, seen)) return;
    if (detail === "sections") drawBlock(pen, scene, view, index);
    else drawGround(pen, scene, view, section);
  });
  if (detail === "dots") {
    drawDots(pen, scene, view, seen, pitch);
    drawNames(pen, scene, view, seen);
  }
  if (detail === "seats") drawSeats(pen, scene, view, seen, pitch, pixelRatio);
}

function boxOnScreen(view: View, { x, y, w, h }: Box): Box {
  return {
    x: x * view.scale + view.x,
    y: y * view.scale + view.y,
    w: w * view.scale,
    h: h * view.scale,
  };
}

/** The stage: where everybody looks, so that rows make sense. */
function drawStage(pen: Pen, { colours }: Scene, view: View, stage: Box): void {
  const box = boxOnScreen(view, stage);
  pen.fillStyle = colours.ink;
  pen.beginPath();
  pen.roundRect(box.x, box.y, box.w, box.h, [4, 4, Math.min(28, box.h / 2), Math.min(28, box.h / 2)]);
  pen.fill();
  const size = Math.min(box.h * 0.45, box.w / 7, 22);
  if (size < 7) return;
  pen.fillStyle = colours.card;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.font = `800 ${size}px Archivo, sans-serif`;
  pen.fillText(say("stage"), box.x + box.w / 2, box.y + box.h / 2);
}

/** Traces a section's outline; the corners are rounded by the joins of the stroke that goes with the fill. */
function trace(pen: Pen, view: View, section: SectionView): void {
  pen.beginPath();
  for (const corner of section.outline) {
    const { x, y } = toScreen(view, corner);
    pen.lineTo(x, y);
  }
  pen.closePath();
}

/** A section from far away: its name, what is left, and a green that pales as seats go. */
function drawBlock(pen: Pen, scene: Scene, view: View, index: number): void {
  const { plan, states, colours } = scene;
  const section = plan.sections[index]!;
  const free = states.freeBySection[index] ?? 0;
  const share = section.seats.length > 0 ? free / section.seats.length : 0;
  trace(pen, view, section);
  pen.lineJoin = "round";
  pen.lineWidth = plan.pitch * view.scale;
  pen.strokeStyle = pen.fillStyle = colours.block;
  pen.fill();
  pen.stroke();
  if (free > 0) {
    pen.strokeStyle = pen.fillStyle = colours.free;
    pen.globalAlpha = 0.14 + 0.4 * share;
    pen.fill();
    pen.globalAlpha = 1;
    pen.lineWidth = 1.5;
    pen.stroke();
  }
  drawBlockName(pen, scene, view, section, free);
}

function drawBlockName(pen: Pen, { colours }: Scene, view: View, section: SectionView, free: number): void {
  const breadth = section.breadth * view.scale;
  const room = section.isUpright ? section.box.w * view.scale : breadth;
  const size = Math.min(14, breadth * 0.3, (room * 1.4) / Math.max(4, section.name.length));
  if (size < 8) return;
  const { x, y } = toScreen(view, section.middle);
  const hasRoom = breadth > size * 3.2;
  pen.fillStyle = colours.ink;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.font = `800 ${size}px Archivo, sans-serif`;
  pen.fillText(section.name, x, hasRoom ? y - size * 0.55 : y, room);
  if (!hasRoom) return;
  pen.font = `500 ${Math.max(9, size * 0.72)}px Archivo, sans-serif`;
  pen.fillText(free === 0 ? say("soldOutBlock") : say("leftBlock", { count: free }), x, y + size * 0.65, room);
}

/** A section from near: the ground its seats stand on. */
function drawGround(pen: Pen, { plan, colours }: Scene, view: View, section: SectionView): void {
  const margin = plan.pitch * view.scale * 1.6;
  trace(pen, view, section);
  pen.lineJoin = "round";
  for (const [colour, width] of [
    [colours.line, margin + 2],
    [colours.card, margin],
  ] as const) {
    pen.strokeStyle = pen.fillStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
    pen.fill();
  }
}

/** Names over the seats, each in a pill: blocks of a round hall leave no corner to write into. */
function drawNames(pen: Pen, { plan, colours }: Scene, view: View, seen: Box): void {
  pen.font = "700 11px Archivo, sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const section of plan.sections) {
    const width = pen.measureText(section.name).width + 14;
    if (!overlaps(section.box, seen) || width > section.box.w * view.scale * 1.1) continue;
    const { x, y } = toScreen(view, section.middle);
    pen.globalAlpha = 0.88;
    pen.fillStyle = colours.card;
    pen.beginPath();
    pen.roundRect(x - width / 2, y - 9, width, 18, 9);
    pen.fill();
    pen.globalAlpha = 1;
    pen.fillStyle = colours.ink;
    pen.fillText(section.name, x, y + 0.5);
  }
}

const isFaded = (scene: Scene, index: number) => scene.shown !== null && !scene.shown.has(scene.plan.type[index]!);

/** Seats too small for a shape: one path per kind, so that thousands cost three fills. */
function drawDots(pen: Pen, scene: Scene, view: View, seen: ReturnType<typeof visibleBox>, pitch: number): void {
  const { plan, states, colours } = scene;
  const layers: [Path2D, string, number][] = [
    [new Path2D(), colours.gone, 1],
    [new Path2D(), colours.held, 1],
    [new Path2D(), colours.free, 1],
    [new Path2D(), colours.free, faded],
  ];
  plan.grid.each(seen, (i) => {
    const state = states.state[i]!;
    const x = plan.x[i]! * view.scale + view.x;
    const y = plan.y[i]! * view.scale + view.y;
    const layer = state === seatState.free ? (isFaded(scene, i) ? 3 : 2) : state === seatState.held ? 1 : 0;
    const side = pitch * (layer >= 2 ? 0.72 : layer === 1 ? 0.56 : 0.4);
    layers[layer]![0].rect(x - side / 2, y - side / 2, side, side);
  });
  for (const [path, colour, alpha] of layers) {
    pen.globalAlpha = alpha;
    pen.fillStyle = colour;
    pen.fill(path);
  }
  pen.globalAlpha = 1;
}

function drawSeats(
  pen: Pen,
  scene: Scene,
  view: View,
  seen: ReturnType<typeof visibleBox>,
  pitch: number,
  pixelRatio: number,
): void {
  const { plan, states, colours } = scene;
  const side = pitch * seatShare;
  const sprites = spritesFor(colours, side, pixelRatio);
  const hasLabels = pitch >= 26;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.font = `650 ${Math.round(side * 0.4)}px Archivo, sans-serif`;
  plan.grid.each(seen, (i) => {
    const state = states.state[i]!;
    const isFree = state === seatState.free;
    const isPremium = plan.types[plan.type[i]!]?.premium ?? false;
    const kind: SpriteKind = isFree ? (isPremium ? "premium" : "free") : state === seatState.held ? "held" : "gone";
    const x = plan.x[i]! * view.scale + view.x;
    const y = plan.y[i]! * view.scale + view.y;
    pen.globalAlpha = isFree && isFaded(scene, i) ? faded : 1;
    pen.drawImage(sprites[kind], x - side / 2, y - side / 2, side, side);
    if (hasLabels && isFree && !isPremium) {
      pen.fillStyle = colours.mark;
      pen.fillText(shortLabel(plan, i), x, y + 0.5, side);
    }
  });
  pen.globalAlpha = 1;
}

let spriteCache: {
  key: string;
  sprites: Record<SpriteKind, HTMLCanvasElement>;
} | null = null;

/** One small picture per kind of seat, painted anew only when the size or the theme changes. */
function spritesFor(colours: MapColours, side: number, pixelRatio: number): Record<SpriteKind, HTMLCanvasElement> {
  const pixels = Math.max(4, Math.round(side * pixelRatio));
  const key = `${pixels}|${colours.free}`;
  if (spriteCache?.key === key) return spriteCache.sprites;
  const paint = (draw: (pen: Pen, s: number) => void) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = pixels;
    const pen = canvas.getContext("2d");
    if (pen) draw(pen, pixels);
    return canvas;
  };
  const sprites = {
    free: paint((pen, s) => fillSeat(pen, s, colours.free)),
    premium: paint((pen, s) => {
      fillSeat(pen, s, colours.free);
      star(pen, s / 2, s / 2, s * 0.32, colours.mark);
    }),
    held: paint((pen, s) => hatchSeat(pen, s, colours.held)),
    gone: paint((pen, s) => {
      pen.fillStyle = colours.gone;
      pen.beginPath();
      pen.arc(s / 2, s / 2, s * 0.34, 0, 7);
      pen.fill();
    }),
  };
  spriteCache = { key, sprites };
  return sprites;
}

function fillSeat(pen: Pen, s: number, colour: string): void {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.roundRect(0, 0, s, s, [s * 0.34, s * 0.34, s * 0.16, s * 0.16]);
  pen.fill();
}

function hatchSeat(pen: Pen, s: number, colour: string): void {
  pen.strokeStyle = colour;
  pen.lineWidth = Math.max(1, s * 0.08);
  pen.beginPath();
  pen.roundRect(pen.lineWidth / 2, pen.lineWidth / 2, s - pen.lineWidth, s - pen.lineWidth, s * 0.22);
  pen.stroke();
  pen.clip();
  pen.beginPath();
  for (let at = -s; at < s; at += Math.max(3, s * 0.26)) {
    pen.moveTo(at, s);
    pen.lineTo(at + s, 0);
  }
  pen.stroke();
}

function star(pen: Pen, x: number, y: number, r: number, colour: string): void {
  pen.fillStyle = colour;
  pen.beginPath();
  for (let i = 0; i < 10; i++) {
    const angle = -Math.PI / 2 + (i * Math.PI) / 5;
    const reach = i % 2 === 0 ? r : r * 0.45;
    pen.lineTo(x + Math.cos(angle) * reach, y + Math.sin(angle) * reach);
  }
  pen.fill();
}

/** Paints what the fan does over the base: her seats with a check, the seat under the pointer with a ring. */
export function drawTop(
  pen: Pen,
  scene: Scene,
  view: View,
  size: Size,
  chosen: readonly number[],
  hovered: number,
): void {
  const { plan, colours } = scene;
  pen.clearRect(0, 0, size.w, size.h);
  const side = Math.max(9, plan.pitch * view.scale * 0.94);
  const at = (index: number) => ({
    x: plan.x[index]! * view.scale + view.x,
    y: plan.y[index]! * view.scale + view.y,
  });
  for (const id of chosen) {
    const index = plan.indexOf.get(id);
    if (index === undefined) continue;
    const { x, y } = at(index);
    pen.fillStyle = colours.mine;
    pen.strokeStyle = colours.card;
    pen.lineWidth = Math.max(1.5, side * 0.07);
    pen.beginPath();
    pen.arc(x, y, side / 2, 0, 7);
    pen.fill();
    pen.stroke();
    pen.strokeStyle = colours.mark;
    pen.lineWidth = Math.max(1.5, side * 0.13);
    pen.lineCap = "round";
    pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(x - side * 0.21, y + side * 0.02);
    pen.lineTo(x - side * 0.05, y + side * 0.17);
    pen.lineTo(x + side * 0.23, y - side * 0.16);
    pen.stroke();
  }
  if (hovered >= 0) {
    const { x, y } = at(hovered);
    pen.strokeStyle = colours.ink;
    pen.lineWidth = 2.5;
    pen.beginPath();
    pen.roundRect(x - side / 2, y - side / 2, side, side, side * 0.3);
    pen.stroke();
  }
}
