import { describe, expect, it } from "vitest";
import type { SectionSpec } from "../src/api/types";
import { begun, redone, stepped, undone } from "../src/organise/venues/history";
import { outlinesOf, sectionAt } from "../src/organise/venues/paint";
import { capacityOf, centredPlanOf, planOf, rowLabel, seatLabel } from "../src/organise/venues/plan";
import {
  aislesOf,
  columnsThatFit,
  drawable,
  faultsOf as planFaultsOf,
  placed,
  placingOf,
  pulled,
  radiusOutside,
  ringOf,
  templates,
} from "../src/organise/venues/sections";

const spec = (name: string, rows: number, columns: number, more: Partial<SectionSpec> = {}): SectionSpec => ({
  name,
  rows,
  columns,
  ...more,
});

describe("a seating plan", () => {
  it("is made as the server makes it: a cinema with an aisle", () => {
    const plan = planOf([spec("Hall", 3, 4, { aisles: [2] })]);
    const [first, second] = plan.sections[0]!.rows;
    expect(second?.label).toBe("B");
    expect(second?.seats.map(({ x }) => x - second.seats[0]!.x)).toEqual([0, 20, 64, 84]);
    expect(second!.seats[0]!.y - first!.seats[0]!.y).toBe(24);
    expect(first?.seats.map(({ label }) => label)).toEqual(["1", "2", "3", "4"]);
  });

  it("has everything inside it, and no two seats of an arena touch", () => {
    const specs = ringOf({ name: "Block", radius: 300, rows: 8, columns: 12, blocks: 6 });
    const plan = planOf(specs);
    const seats = plan.sections.flatMap(({ rows }) => rows.flatMap((row) => row.seats));
    expect(seats).toHaveLength((6 * (12 + 19) * 8) / 2);
    expect(capacityOf(specs)).toBe(seats.length);
    expect(seats.every(({ x, y }) => x >= 0 && y >= 0 && x <= plan.width && y <= plan.height)).toBe(true);
    const apart = seats.flatMap((a, i) => seats.slice(i + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y)));
    const nearest = apart.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
    expect(nearest).toBeGreaterThan(18);
  });

  it("calls rows and seats by their scheme", () => {
    const row = (numbers: "left_to_right" | "right_to_left" | "odd_even", n: number) =>
      Array.from({ length: n }, (_, column) => seatLabel(numbers, column, n)).join(" ");
    expect(row("left_to_right", 4)).toBe("1 2 3 4");
    expect(row("right_to_left", 4)).toBe("4 3 2 1");
    expect(row("odd_even", 6)).toBe("5 3 1 2 4 6");
    expect(row("odd_even", 5)).toBe("5 3 1 2 4");
    expect([0, 25, 26, 701].map((at) => rowLabel("letters", at))).toEqual(["A", "Z", "AA", "ZZ"]);
    expect(rowLabel("numbers", 9)).toBe("10");
  });

  it("gives standing room an area without seats, and stacks what has no place", () => {
    const plan = planOf([spec("VIP", 5, 20), spec("Floor", 10, 30, { standing: true })]);
    const [vip, floor] = plan.sections;
    expect(floor).toMatchObject({ rows: [], w: 600 });
    expect(floor!.y).toBe(vip!.y + vip!.h + 60);
    expect(capacityOf([spec("Floor", 10, 30, { standing: true })])).toBe(0);
  });

  it("keeps its middle where it is as sections change, so that a pulled one stays under the hand", () => {
    const before = centredPlanOf([spec("A", 2, 4, { at: { x: 0, y: 100 } })]);
    const after = centredPlanOf([
      spec("A", 2, 4, { at: { x: 0, y: 100 } }),
      spec("B", 2, 4, { at: { x: -900, y: -500 } }),
    ]);
    expect(after.plan.sections[0]).toEqual(before.plan.sections[0]);
    expect(after.box.x).toBeLessThan(before.box.x);
  });

  it("knows what lies under a point", () => {
    const plan = planOf([spec("A", 4, 4), spec("B", 1, 8)]);
    const outlines = outlinesOf(plan);
    const middle = ({ x, y, w, h }: { x: number; y: number; w: number; h: number }) => ({ x: x + w / 2, y: y + h / 2 });
    expect(plan.sections.map((section) => sectionAt(outlines, middle(section)))).toEqual([0, 1]);
    expect(sectionAt(outlines, { x: 1, y: 1 })).toBe(-1);
  });

  it("begins with templates that can be saved", () => {
    for (const { sections } of Object.values(templates)) expect(planFaultsOf(sections())).toEqual({});
  });
});

describe("a plan's sections", () => {
  it("name what is wrong, where it is wrong", () => {
    const steep = spec("B", 3, 3, { columns_step: 600 });
    expect(planFaultsOf([spec("", 0, 5), steep, spec("B", 1, Number.NaN)])).toEqual({
      "0/name": "Name it.",
      "0/rows": "1 to 1000.",
      "1/columns_step": "The last row would have more than 1000 seats.",
      "2/name": "Another section has this name.",
      "2/columns": "1 to 1000.",
    });
    expect(planFaultsOf([spec("Floor", 5, 5, { standing: true })])).toHaveProperty("sections");
    expect(planFaultsOf([spec("A", 400, 400)])["sections"]).toMatch(/160,?000 seats/);
  });

  it("are drawn while a number is still typed, and not when they are too large", () => {
    expect(drawable([spec("A", Number.NaN, 5, { around: { radius: 3, degrees: 0 } })])).toMatchObject([
      { rows: 1, columns: 5, around: { radius: 20 } },
    ]);
    expect(drawable([spec("A", 1000, 1000)])).toBeNull();
    expect(drawable([])).toBeNull();
  });

  it("are pulled: placed ones by tens, curved ones around the stage, stacked ones not", () => {
    const to = { x: 14, y: -6 };
    expect(pulled(spec("A", 1, 1, { at: { x: 100, y: 0 } }), { x: 0, y: 0 }, to).at).toEqual({ x: 110, y: -10 });
    const curved = spec("A", 1, 1, { around: { radius: 300, degrees: 350 } });
    expect(pulled(curved, { x: 0, y: 300 }, { x: 300, y: 0 }).around?.degrees).toBe(80);
    expect(pulled(spec("A", 1, 1), { x: 0, y: 0 }, to)).toEqual(spec("A", 1, 1));
  });

  it("change their place and back", () => {
    const curved = placed(spec("A", 1, 1), "around");
    expect([placingOf(curved), placingOf(placed(curved, "at")), placingOf(placed(curved, "below"))]).toEqual([
      "around",
      "at",
      "below",
    ]);
  });

  it("come as rings outside what is there", () => {
    expect(radiusOutside([])).toBe(160);
    expect(radiusOutside([spec("A", 10, 5, { around: { radius: 200, degrees: 0 } })])).toBe(500);
    expect(columnsThatFit(500, 8)).toBe(17);
    expect(columnsThatFit(20, 40)).toBe(1);
    expect(ringOf({ name: "All", radius: 200, rows: 2, columns: 3, blocks: 1 })[0]?.name).toBe("All");
    expect(aislesOf("21; 7, 7 and 0")).toEqual([7, 21]);
  });
});

describe("steps back and forth", () => {
  it("lead to every state, and a new step forgets those ahead", () => {
    const three = stepped(stepped(begun("a"), "b"), "c");
    expect(undone(undone(three)).present).toBe("a");
    expect(redone(undone(three)).present).toBe("c");
    expect(stepped(undone(three), "d").future).toEqual([]);
    expect(undone(begun("a"))).toEqual(begun("a"));
    expect(redone(begun("a"))).toEqual(begun("a"));
  });
  it("are one where they belong together", () => {
    const typed = stepped(stepped(stepped(begun("a"), "b"), "bc", true), "bcd", true);
    expect(undone(typed).present).toBe("a");
  });
});
