/**
 * The arithmetic of the seat map, without a canvas: what is where on the screen, what was hit, what is worth drawing.
 * World units are those of the venue's layout; screen units are CSS pixels.
 */

export interface Point {
  x: number;
  y: number;
}

export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A view of the world: screen = world × scale + (x, y). */
export interface View {
  x: number;
  y: number;
  scale: number;
}

export interface Size {
  w: number;
  h: number;
}

export const toScreen = (view: View, point: Point): Point => ({
  x: point.x * view.scale + view.x,
  y: point.y * view.scale + view.y,
});

export const toWorld = (view: View, point: Point): Point => ({
  x: (point.x - view.x) / view.scale,
  y: (point.y - view.y) / view.scale,
});

/** The view that shows a box whole and centred, with a margin in pixels. */
export function fit(box: Box, screen: Size, margin = 24): View {
  const scale = Math.max(
    1e-6,
    Math.min((screen.w - 2 * margin) / Math.max(box.w, 1e-6), (screen.h - 2 * margin) / Math.max(box.h, 1e-6)),
  );
  return {
    scale,
    x: (screen.w - box.w * scale) / 2 - box.x * scale,
    y: (screen.h - box.h * scale) / 2 - box.y * scale,
  };
}

/** Zooms by a factor while the world under one screen point stays where it is. */
export function zoomAt(view: View, at: Point, factor: number, limits: { min: number; max: number }): View {
  const scale = Math.min(limits.max, Math.max(limits.min, view.scale * factor));
  const ratio = scale / view.scale;
  return {
    scale,
    x: at.x - (at.x - view.x) * ratio,
    y: at.y - (at.y - view.y) * ratio,
  };
}

/** Two fingers: zooms by their spread and pans by their midpoint, so that both stay on what they touched. */
export function pinch(
  view: View,
  before: [Point, Point],
  after: [Point, Point],
  limits: { min: number; max: number },
): View {
  const middle = ([a, b]: [Point, Point]): Point => ({
    x: (a.x + b.x) / 2,
    y: (a.y + b.y) / 2,
  });
  const spread = ([a, b]: [Point, Point]) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  const from = middle(before);
  const to = middle(after);
  const zoomed = zoomAt(view, from, spread(after) / spread(before), limits);
  return {
    ...zoomed,
    x: zoomed.x + to.x - from.x,
    y: zoomed.y + to.y - from.y,
  };
}

/** Keeps at least a third of the screen over the world, so that nobody gets lost in the void. */
export function clamp(view: View, world: Box, screen: Size): View {
  const keep = (offset: number, start: number, length: number, room: number) => {
    const slack = room / 3;
    const low = slack - (start + length) * view.scale;
    const high = room - slack - start * view.scale;
    return Math.min(Math.max(offset, Math.min(low, high)), Math.max(low, high));
  };
  return {
    scale: view.scale,
    x: keep(view.x, world.x, world.w, screen.w),
    y: keep(view.y, world.y, world.h, screen.h),
  };
}

/** The part of the world a screen shows, grown by a margin in pixels. */
export function visibleBox(view: View, screen: Size, margin = 0): Box {
  const from = toWorld(view, { x: -margin, y: -margin });
  return {
    x: from.x,
    y: from.y,
    w: (screen.w + 2 * margin) / view.scale,
    h: (screen.h + 2 * margin) / view.scale,
  };
}

export const overlaps = (a: Box, b: Box): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

export type Detail = "sections" | "dots" | "seats";

/** How much of a seat is worth drawing when neighbouring seats are so many pixels apart. */
export function detailAt(pitchPx: number): Detail {
  if (pitchPx < 5) return "sections";
  return pitchPx < 13 ? "dots" : "seats";
}

/**
 * The shape that rows cover, so that a curved block looks curved: along the first row, down the rows' right ends, back
 * along the last row, up the left ends. Rows come in order, their points along the row.
 */
export function outlineOf(rows: readonly (readonly Point[])[]): Point[] {
  const full = rows.filter((row) => row.length > 0);
  const [first, last] = [full[0], full[full.length - 1]];
  if (first === undefined || last === undefined) return [];
  if (first === last) return [...first];
  const between = full.slice(1, -1);
  return [
    ...first,
    ...between.map((row) => row[row.length - 1]!),
    ...last.toReversed(),
    ...between.map((row) => row[0]!).toReversed(),
  ];
}

/** The mean of points. */
export function middleOf(points: readonly Point[]): Point {
  const sum = points.reduce((at, point) => ({ x: at.x + point.x, y: at.y + point.y }), { x: 0, y: 0 });
  return { x: sum.x / (points.length || 1), y: sum.y / (points.length || 1) };
}

/** The area of an outline (shoelace formula). */
export const areaOf = (outline: readonly Point[]): number =>
  Math.abs(
    outline.reduce((sum, a, i) => {
      const b = outline[(i + 1) % outline.length]!;
      return sum + a.x * b.y - b.x * a.y;
    }, 0) / 2,
  );

/** Is a point inside an outline of any shape? Counts the edges that a ray to the right crosses. */
export function isInside(outline: readonly Point[], at: Point): boolean {
  let inside = false;
  outline.forEach((a, i) => {
    const b = outline[(i + 1) % outline.length]!;
    const crosses = a.y > at.y !== b.y > at.y && at.x < a.x + ((at.y - a.y) / (b.y - a.y)) * (b.x - a.x);
    if (crosses) inside = !inside;
  });
  return inside;
}

/** So many gaps tell the usual one; a stadium's 50,000 tell no better. */
const gapsLooked = 4_000;

/** The usual distance between neighbours: the median of gaps between seats next to each other, evenly chosen in large venues. */
export function pitchOf(xs: ArrayLike<number>, ys: ArrayLike<number>): number {
  const stride = Math.max(1, Math.floor(xs.length / gapsLooked));
  const gaps = new Float64Array(Math.ceil(xs.length / stride));
  let count = 0;
  for (let i = 1; i < xs.length; i += stride) {
    const [dx, dy] = [xs[i]! - xs[i - 1]!, ys[i]! - ys[i - 1]!];
    if (dx !== 0 || dy !== 0) gaps[count++] = Math.sqrt(dx * dx + dy * dy);
  }
  // Without a comparing function a typed array sorts numbers as numbers, and fast.
  const sorted = gaps.subarray(0, count).sort();
  return sorted[count >> 1] ?? 20;
}

/**
 * Points in square cells, as two flat arrays (counting sort): finding what lies in a box or under a finger
 * touches only the cells there, and 50,000 seats cost 400 KB and no objects.
 */
export class PointGrid {
  private readonly starts: Int32Array;
  private readonly items: Int32Array;
  private readonly columns: number;
  private readonly rows: number;

  constructor(
    private readonly xs: Float32Array,
    private readonly ys: Float32Array,
    private readonly world: Box,
    private readonly cell: number,
  ) {
    this.columns = Math.max(1, Math.ceil(world.w / cell));
    this.rows = Math.max(1, Math.ceil(world.h / cell));
    this.starts = new Int32Array(this.columns * this.rows + 1);
    this.items = new Int32Array(xs.length);
    for (let i = 0; i < xs.length; i++) this.starts[this.cellOf(i) + 1]! += 1;
    for (let c = 0; c < this.columns * this.rows; c++) this.starts[c + 1]! += this.starts[c]!;
    const next = this.starts.slice();
    for (let i = 0; i < xs.length; i++) {
      const c = this.cellOf(i);
      this.items[next[c]!] = i;
      next[c]! += 1;
    }
  }

  private column = (x: number) => Math.min(this.columns - 1, Math.max(0, Math.floor((x - this.world.x) / this.cell)));
  private row = (y: number) => Math.min(this.rows - 1, Math.max(0, Math.floor((y - this.world.y) / this.cell)));
  private cellOf = (i: number) => this.row(this.ys[i]!) * this.columns + this.column(this.xs[i]!);

  /** Calls `visit` with every point in the box, and perhaps a few just outside it. */
  each(box: Box, visit: (index: number) => void): void {
    const [c0, c1] = [this.column(box.x), this.column(box.x + box.w)];
    const [r0, r1] = [this.row(box.y), this.row(box.y + box.h)];
    for (let r = r0; r <= r1; r++) {
      // Cells of one row are neighbours in `items` too: one run per row.
      const end = this.starts[r * this.columns + c1 + 1]!;
      for (let k = this.starts[r * this.columns + c0]!; k < end; k++) visit(this.items[k]!);
    }
  }

  /** The nearest point within a radius in world units, or −1. */
  nearest(at: Point, radius: number): number {
    let best = -1;
    let bestSquare = radius * radius;
    this.each({ x: at.x - radius, y: at.y - radius, w: 2 * radius, h: 2 * radius }, (i) => {
      const dx = this.xs[i]! - at.x;
      const dy = this.ys[i]! - at.y;
      const square = dx * dx + dy * dy;
      if (square <= bestSquare) {
        bestSquare = square;
        best = i;
      }
    });
    return best;
  }
}
