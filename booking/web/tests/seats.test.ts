import { describe, expect, it } from "vitest";
import type { SeatSnapshot } from "../src/api/types";
import { reopenDelay } from "../src/seats/live";
import {
  applyDelta,
  cheapestWith,
  dropGone,
  nearestFree,
  planOf,
  seatName,
  seatState,
  statesOf,
} from "../src/seats/model";

/** Two rows of five in "Stalls" and one row of five premium seats in "Box". */
function snapshot(state = "fffffhsffffffff"): SeatSnapshot {
  const count = 15;
  const row = (i: number) => ["A", "B", "P"][Math.floor(i / 5)]!;
  const indexes = Array.from({ length: count }, (_, i) => i);
  return {
    version: 4,
    layout: {
      width: 200,
      height: 120,
      sections: [
        { id: 7, name: "Stalls", x: 0, y: 0, w: 200, h: 50 },
        { id: 9, name: "Box", x: 0, y: 60, w: 200, h: 40 },
      ],
    },
    ticket_types: [
      {
        id: 1,
        name: "Stalls",
        price_minor: 4000,
        premium: false,
      },
      { id: 2, name: "Box", price_minor: 9000, premium: true },
    ],
    seats: {
      ids: indexes.map((i) => 100 + i),
      labels: indexes.map((i) => `${row(i)}${(i % 5) + 1}`),
      rows: indexes.map(row),
      section: indexes.map((i) => (i < 10 ? 7 : 9)),
      x: indexes.map((i) => 20 + (i % 5) * 20),
      y: indexes.map((i) => 20 + Math.floor(i / 5) * 20),
      ticket_type: indexes.map((i) => (i < 10 ? 1 : 2)),
      state,
    },
  };
}

describe("the plan of a session", () => {
  it("knows seats by section, type and name", () => {
    const plan = planOf(snapshot());
    expect(plan.count).toBe(15);
    expect([...plan.sections[1]!.seats]).toEqual([10, 11, 12, 13, 14]);
    expect(seatName(plan, 7)).toBe("Stalls, row B, seat 3");
    expect(plan.pitch).toBe(20);
  });

  it("counts free seats by section and follows deltas", () => {
    const plan = planOf(snapshot());
    const states = statesOf(plan, snapshot());
    expect([...states.freeBySection]).toEqual([8, 5]);
    const next = applyDelta(plan, states, {
      version: 5,
      changes: [
        [100, "s"],
        [105, "f"],
        [999, "s"],
      ],
      remaining: { 3: 12 },
    });
    expect(next).not.toBe(states);
    expect([...next.freeBySection]).toEqual([8, 5]);
    expect(next.state[0]).toBe(seatState.sold);
    expect(next.remaining).toEqual({ 3: 12 });
  });

  it("leaves old news alone", () => {
    const plan = planOf(snapshot());
    const states = statesOf(plan, snapshot());
    expect(applyDelta(plan, states, { version: 4, changes: [[100, "s"]] })).toBe(states);
    expect(states.state[0]).toBe(seatState.free);
  });

  it("takes a session without any seat", () => {
    const empty = snapshot("");
    empty.seats = {
      ids: [],
      labels: [],
      rows: [],
      section: [],
      x: [],
      y: [],
      ticket_type: [],
      state: "",
    };
    expect(planOf(empty).count).toBe(0);
  });
});

describe("someone was faster", () => {
  it("drops what is gone from the choice", () => {
    const plan = planOf(snapshot());
    const states = statesOf(plan, snapshot());
    expect(dropGone(plan, states, [100, 105, 106, 4711])).toEqual({
      kept: [100],
      gone: [105, 106, 4711],
    });
  });

  it("offers the nearest free seat of the same price, never one twice or one chosen already", () => {
    const plan = planOf(snapshot("sffffhsffffffff"));
    const states = statesOf(plan, snapshot("sffffhsffffffff"));
    expect(nearestFree(plan, states, [100], [])).toEqual([101]);
    expect(nearestFree(plan, states, [100], [101])).toEqual([102]);
    const two = nearestFree(plan, states, [100, 105], []);
    expect(new Set(two).size).toBe(2);
  });

  it("offers nothing when the price is sold out", () => {
    const soldOut = "sssssssssssffff".replace(/^(.{10}).*/, "$1fffff");
    const plan = planOf(snapshot(soldOut));
    expect(nearestFree(plan, statesOf(plan, snapshot(soldOut)), [100], [])).toEqual([]);
  });
});

describe("the best seats", () => {
  const best = (shown: number[] | null, quantity: number) => {
    const few = snapshot("fssssssssssffff");
    const plan = planOf(few);
    return cheapestWith(plan, statesOf(plan, few), shown && new Set(shown), quantity);
  };

  it("are the cheapest with enough of them", () => {
    expect(best(null, 1)).toBe(0);
    expect(best(null, 2)).toBe(1);
  });

  it("are of a price that is shown", () => {
    expect(best([1], 1)).toBe(1);
    expect(best([0, 1], 2)).toBe(1);
  });

  it("are asked for where there are none, so that the shop says so", () => expect(best([0], 3)).toBe(0));
});

describe("a seat stream that broke", () => {
  it("is opened again later and later, and spread by chance", () => {
    expect(reopenDelay(0, 0)).toBe(500);
    expect(reopenDelay(0, 1)).toBe(2_500);
    expect(reopenDelay(20, 0.5)).toBe(22_500);
  });
});
