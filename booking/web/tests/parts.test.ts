import { describe, expect, it } from "vitest";
import type { LayoutPlan, SeatSnapshot } from "../src/api/types";
import { categoriesOf, categoryAt, partsOf, partsSold } from "../src/organise/parts";
import { typesOfCategories, unpainted } from "../src/organise/wizard/draft";

const seat = (label: string, x: number, y: number, category?: number) => ({
  label,
  x,
  y,
  ...(category === undefined ? {} : { category }),
});
const section = (name: string, rows: { label: string; seats: ReturnType<typeof seat>[] }[]) => ({
  name,
  x: 0,
  y: 0,
  w: 100,
  h: 50,
  standing: rows.length === 0,
  rows,
});

/** Gold runs through both blocks, one seat is in no category, and nobody sits in the pit. */
const plan = {
  width: 100,
  height: 100,
  stage: { x: 0, y: 0, w: 10, h: 5 },
  categories: [
    { name: "Gold", colour: "#c8a24a" },
    { name: "Blue", colour: null },
    { name: "Empty", colour: "#000000" },
  ],
  sections: [
    section("North", [{ label: "A", seats: [seat("1", 10, 10, 0), seat("2", 30, 10, 1), seat("3", 50, 10)] }]),
    section("South", [{ label: "A", seats: [seat("1", 10, 60, 0)] }]),
    section("Pit", []),
  ],
} as unknown as LayoutPlan;

describe("what of a plan can be sold", () => {
  it("is its sections or its categories, with the seats of each", () => {
    expect(partsOf(plan, "sections")).toEqual([
      { name: "North", colour: null, seats: 3 },
      { name: "South", colour: null, seats: 1 },
    ]);
    expect(partsOf(plan, "categories")).toEqual([
      { name: "Gold", colour: "#c8a24a", seats: 2 },
      { name: "Blue", colour: null, seats: 1 },
    ]);
  });

  it("is no part of which a seat is sold", () => {
    const session = {
      layout: { width: 100, height: 100, sections: [{ id: 7, name: "South", x: 0, y: 0, w: 1, h: 1 }] },
      seats: { labels: ["1"], rows: ["A"], section: [7] },
    } as unknown as SeatSnapshot;
    expect([...partsSold(plan, "sections", session)]).toEqual(["South"]);
    expect([...partsSold(plan, "categories", session)]).toEqual(["Gold"]);
  });

  it("is found by the seat that is pressed, or nearest", () => {
    expect([12, 33, 90].map((x) => categoryAt(plan.sections[0]!, { x, y: 12 }))).toEqual([0, 1, undefined]);
    expect(categoryAt(plan.sections[2]!, { x: 1, y: 1 })).toBeUndefined();
  });

  it("makes a ticket type of each category, in its colour or one that is free", () => {
    const types = typesOfCategories(categoriesOf(plan));
    expect(types.map(({ key, name, categories, colour }) => [key, name, categories, colour])).toEqual([
      [1, "Gold", ["Gold"], "#c8a24a"],
      [2, "Blue", ["Blue"], "#0072b2"],
      [3, "Empty", ["Empty"], "#000000"],
    ]);
    expect(unpainted(types).every(({ categories }) => categories.length === 0)).toBe(true);
  });
});
