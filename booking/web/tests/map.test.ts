import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { SeatSnapshot } from "../src/api/types";
import type { MapColours } from "../src/seats/colours";
import { drawBase, drawTop, type Scene } from "../src/seats/draw";
import { isPlanOf, planOf, statesOf } from "../src/seats/model";

/** A canvas's pen that writes down what is drawn: each fill with its colour and the points of its path. */
class Pen {
  readonly fills: { colour: string; corners: number; arcs: number }[] = [];
  readonly pictures: { picture: unknown; x: number; y: number; w: number; h: number }[] = [];
  readonly words: string[] = [];
  fillStyle = "";
  private corners = 0;
  private arcs = 0;
  beginPath() {
    this.corners = this.arcs = 0;
  }
  moveTo() {
    this.corners += 1;
  }
  lineTo() {
    this.corners += 1;
  }
  arc() {
    this.arcs += 1;
  }
  fill() {
    this.fills.push({ colour: this.fillStyle, corners: this.corners, arcs: this.arcs });
  }
  fillText(text: string) {
    this.words.push(text);
  }
  drawImage(picture: unknown, x: number, y: number, w: number, h: number) {
    this.pictures.push({ picture, x, y, w, h });
  }
  measureText = () => ({ width: 20 });
  roundRect() {}
  closePath() {}
  clearRect() {}
  fillRect() {}
  stroke() {}
  clip() {}
  save() {}
  restore() {}
}

/** Every canvas that was made to paint a seat on. */
const canvases: { pen: Pen }[] = [];

beforeAll(() => {
  const createElement = () => {
    const canvas = { pen: new Pen(), width: 0, height: 0, getContext: () => canvas.pen };
    canvases.push(canvas);
    return canvas;
  };
  Object.assign(globalThis, { document: { createElement, documentElement: { lang: "en" } } });
});

const tones = ["free", "gone", "held", "mine", "mark", "block", "card", "line", "ink", "soft"] as const;
const colours = Object.fromEntries(tones.map((tone) => [tone, tone])) as MapColours;

/** A row of four: two regular, two premium. */
function snapshot(state: string, background: SeatSnapshot["layout"]["background"] = null): SeatSnapshot {
  return {
    version: 1,
    layout: { width: 100, height: 40, sections: [{ id: 0, name: "Hall", x: 0, y: 0, w: 100, h: 40 }], background },
    ticket_types: [
      { id: 1, name: "Regular", price_minor: 4000, premium: false },
      { id: 2, name: "Premium", price_minor: 9000, premium: true },
    ],
    seats: {
      ids: [11, 12, 13, 14],
      labels: ["1", "2", "3", "4"],
      rows: ["A", "A", "A", "A"],
      section: [0, 0, 0, 0],
      x: [20, 40, 60, 80],
      y: [20, 20, 20, 20],
      ticket_type: [1, 1, 2, 2],
      state,
    },
  };
}

const sceneOf = (seats: SeatSnapshot, picture: CanvasImageSource | null = null): Scene => {
  const plan = planOf(seats);
  return { plan, states: statesOf(plan, seats), colours, shown: null, picture };
};

const near = { x: 0, y: 0, scale: 2 };
const screen = { w: 200, h: 80 };

function painted(scene: Scene): Pen {
  const pen = new Pen();
  drawBase(pen as unknown as CanvasRenderingContext2D, scene, near, screen, 1);
  return pen;
}

/** What is painted on the little picture of a seat. */
const marksOf = (picture: unknown) => canvases.find((canvas) => canvas === picture)!.pen.fills;

describe("the map of a hall", () => {
  it("marks free premium seats with a star, and them alone", () => {
    const { pictures, words } = painted(sceneOf(snapshot("fffs")));
    const stars = pictures.map(({ picture }) =>
      marksOf(picture).some((fill) => fill.colour === "mark" && fill.corners === 10),
    );
    expect(stars).toEqual([false, false, true, false]);
    // Regular seats show their number, where premium ones have the star.
    expect(words).toEqual(["1", "2"]);
  });

  it("paints what is free green and what is sold grey", () => {
    const { pictures } = painted(sceneOf(snapshot("fsfs")));
    const grounds = pictures.map(({ picture }) => marksOf(picture)[0]!.colour);
    expect(grounds).toEqual(["free", "gone", "free", "gone"]);
  });

  it("paints the chosen seat blue, round and with a check", () => {
    const pen = new Pen();
    const scene = sceneOf(snapshot("ffff"));
    drawTop(pen as unknown as CanvasRenderingContext2D, scene, near, screen, [12], -1);
    expect(pen.fills).toEqual([{ colour: "mine", corners: 0, arcs: 1 }]);
  });

  it("lays the organiser's drawing under the seats, where the plan says", () => {
    const drawing = {} as CanvasImageSource;
    const background = { url: "/api/v1/drawings/abc", x: 0, y: 0, w: 100, h: 40 };
    const { pictures } = painted(sceneOf(snapshot("ffff", background), drawing));
    expect(pictures[0]).toEqual({ picture: drawing, x: 0, y: 0, w: 200, h: 80 });
    expect(pictures).toHaveLength(5);
  });

  it("knows whether a snapshot still has its seats", () => {
    const plan = planOf(snapshot("ffff"));
    expect(isPlanOf(plan, snapshot("fsfs"))).toBe(true);
    const grown = snapshot("fffff");
    for (const column of ["ids", "labels", "rows", "section", "x", "y", "ticket_type"] as const) {
      (grown.seats[column] as unknown[]).push(grown.seats[column][3]);
    }
    grown.seats.ids[4] = 15;
    expect(isPlanOf(plan, grown)).toBe(false);
    const moved = snapshot("ffff");
    moved.seats.x[2] = 61;
    expect(isPlanOf(plan, moved)).toBe(false);
  });
});

/** The strongest of red, green and blue in a `#rrggbb`, or grey when none stands out. */
function hueOf(hex: string): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  const strongest = Math.max(...parts);
  return strongest - Math.min(...parts) < 32 ? "grey" : ["red", "green", "blue"][parts.indexOf(strongest)]!;
}

describe("the colours of seats", () => {
  it("are green when free, grey when gone and blue when chosen, by day and by night", () => {
    const css = readFileSync(new URL("../src/styles.css", import.meta.url), "utf8");
    for (const [token, hue] of [
      ["free", "green"],
      ["gone", "grey"],
      ["mine", "blue"],
    ]) {
      const pair = new RegExp(`--seat-${token}: light-dark\\((#\\w{6}), (#\\w{6})\\);`).exec(css)!;
      expect(pair.slice(1).map(hueOf), token).toEqual([hue, hue]);
    }
  });
});
