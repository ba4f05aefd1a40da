import { describe, expect, it } from "vitest";
import {
  areaOf,
  clamp,
  detailAt,
  fit,
  isInside,
  middleOf,
  outlineOf,
  overlaps,
  pinch,
  PointGrid,
  pitchOf,
  toScreen,
  toWorld,
  visibleBox,
  zoomAt,
} from "../src/seats/geometry";
import { randomFrom } from "../src/events/poster";

const limits = { min: 0.01, max: 100 };
const view = { x: 120, y: -40, scale: 2.5 };

describe("views", () => {
  it("turn world into screen and back", () => {
    const point = { x: 33.3, y: -7 };
    const back = toWorld(view, toScreen(view, point));
    expect(back.x).toBeCloseTo(point.x);
    expect(back.y).toBeCloseTo(point.y);
  });

  it("fit shows the whole box, centred", () => {
    const box = { x: 100, y: 50, w: 400, h: 100 };
    const fitted = fit(box, { w: 800, h: 600 }, 0);
    expect(toScreen(fitted, { x: 100, y: 100 })).toEqual({ x: 0, y: 300 });
    expect(toScreen(fitted, { x: 500, y: 100 })).toEqual({ x: 800, y: 300 });
  });

  it("zooming keeps the world under the pointer where it is, also at the limits", () => {
    const at = { x: 200, y: 90 };
    for (const factor of [2, 0.5, 1e9, 1e-9]) {
      const zoomed = zoomAt(view, at, factor, limits);
      expect(zoomed.scale).toBeGreaterThanOrEqual(limits.min);
      expect(zoomed.scale).toBeLessThanOrEqual(limits.max);
      expect(toWorld(zoomed, at).x).toBeCloseTo(toWorld(view, at).x, 3);
      expect(toWorld(zoomed, at).y).toBeCloseTo(toWorld(view, at).y, 3);
    }
  });

  it("pinching keeps both fingers on what they touched", () => {
    const before: [{ x: number; y: number }, { x: number; y: number }] = [
      { x: 100, y: 100 },
      { x: 200, y: 100 },
    ];
    const after: typeof before = [
      { x: 80, y: 150 },
      { x: 280, y: 150 },
    ];
    const pinched = pinch(view, before, after, limits);
    for (const finger of [0, 1] as const) {
      const touched = toWorld(view, before[finger]);
      const now = toWorld(pinched, after[finger]);
      expect(now.x).toBeCloseTo(touched.x);
      expect(now.y).toBeCloseTo(touched.y);
    }
  });

  it("can't be panned away from the world", () => {
    const world = { x: 0, y: 0, w: 100, h: 100 };
    const screen = { w: 300, h: 300 };
    for (const far of [-1e6, 1e6]) {
      const kept = clamp({ x: far, y: far, scale: 4 }, world, screen);
      expect(overlaps(visibleBox(kept, screen), world)).toBe(true);
    }
  });

  it("show less detail the further away they are", () => {
    expect([2, 8, 30].map(detailAt)).toEqual(["sections", "dots", "seats"]);
  });
});

describe("the grid of seats", () => {
  const random = randomFrom("grid");
  const count = 5_000;
  const xs = Float32Array.from({ length: count }, () => random() * 1000);
  const ys = Float32Array.from({ length: count }, () => random() * 600);
  const grid = new PointGrid(xs, ys, { x: 0, y: 0, w: 1000, h: 600 }, 40);

  it("visits every point of a box once", () => {
    const box = { x: 150, y: 80, w: 333, h: 120 };
    const visits = new Map<number, number>();
    grid.each(box, (i) => visits.set(i, (visits.get(i) ?? 0) + 1));
    for (let i = 0; i < count; i++) {
      const isIn = xs[i]! >= box.x && xs[i]! <= box.x + box.w && ys[i]! >= box.y && ys[i]! <= box.y + box.h;
      if (isIn) expect(visits.get(i)).toBe(1);
    }
    expect([...visits.values()].every((times) => times === 1)).toBe(true);
    expect(visits.size).toBeLessThan(count / 2);
  });

  it("finds the same nearest point as a search through all", () => {
    for (let round = 0; round < 200; round++) {
      const at = { x: random() * 1000, y: random() * 600 };
      let best = -1;
      let bestDistance = 15;
      for (let i = 0; i < count; i++) {
        const distance = Math.hypot(xs[i]! - at.x, ys[i]! - at.y);
        if (distance < bestDistance) [best, bestDistance] = [i, distance];
      }
      expect(grid.nearest(at, 15)).toBe(best);
    }
  });

  it("finds nothing where nothing is, and takes points outside the world", () => {
    expect(grid.nearest({ x: 5000, y: 5000 }, 10)).toBe(-1);
    const stray = new PointGrid(Float32Array.of(-50), Float32Array.of(900), { x: 0, y: 0, w: 10, h: 10 }, 5);
    expect(stray.nearest({ x: -50, y: 900 }, 1)).toBe(0);
  });
});

it("the pitch is the usual gap, not the aisles'", () => {
  expect(pitchOf([0, 20, 40, 60, 140, 160, 180], [0, 0, 0, 0, 0, 0, 0])).toBe(20);
  expect(pitchOf([5], [5])).toBeGreaterThan(0);
});

describe("outlines of sections", () => {
  const row = (y: number, ...xs: number[]) => xs.map((x) => ({ x, y }));

  it("run along the first row, down the right ends, back along the last row and up the left ends", () => {
    const outline = outlineOf([row(0, 0, 10, 20), row(10, 1, 19), row(20, 2, 18)]);
    expect(outline.map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [10, 0],
      [20, 0],
      [19, 10],
      [18, 20],
      [2, 20],
      [1, 10],
    ]);
    expect(areaOf(outline)).toBe(360);
    expect(middleOf(outline).y).toBeCloseTo(60 / 7);
  });

  it("hold what lies between their rows and nothing beyond, also where they bend inwards", () => {
    const bent = outlineOf([row(0, 0, 20).toSpliced(1, 0, { x: 10, y: 8 }), row(20, 0, 20)]);
    expect(isInside(bent, { x: 10, y: 15 })).toBe(true);
    expect(isInside(bent, { x: 10, y: 4 })).toBe(false);
    expect(isInside(bent, { x: 30, y: 15 })).toBe(false);
  });

  it("of one row are the row, of none nothing", () => {
    expect(outlineOf([row(5, 1, 2)])).toEqual(row(5, 1, 2));
    expect(outlineOf([])).toEqual([]);
  });
});
