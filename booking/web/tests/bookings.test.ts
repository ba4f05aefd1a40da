import { describe, expect, it } from "vitest";
import type { Booking, SeatSnapshot } from "../src/api/types";
import { changedNames, choicesFor, isChangeable, liveTickets, seatOf } from "../src/bookings/change";
import { linesOf } from "../src/payments/OrderSummary";
import { partsOf } from "../src/payments/parts";
import { planOf, statesOf } from "../src/seats/model";

const seat = (id: number, row: string, label: string, over = {}) => ({
  id,
  section: "Stalls",
  row,
  label,
  price_minor: 4000,
  ticket_type: "Stalls",
  ticket_type_id: 1,
  net_minor: 4000,
  fee_minor: 0,
  tax_minor: 0,
  given_back: false,
  ...over,
});
const ticket = (row: string, label: string, status = "valid") => ({
  code: `TCK-${label}`,
  ticket_code: `TCK-${label}`,
  pdf_url: "",
  status,
  seat: { section: "Stalls", row, label },
});
const booking = (over: object = {}): Booking =>
  ({
    status: "confirmed",
    session: { id: 1, starts_at: "2099-01-01T00:00:00Z", time_zone: "UTC" },
    seats: [seat(1, "A", "A1"), seat(2, "A", "A2")],
    tickets: [ticket("A", "A1"), ticket("A", "A2", "transferred")],
    ...over,
  }) as unknown as Booking;

describe("what can be changed of a booking", () => {
  it("is what still opens a door, until the start", () => {
    expect(liveTickets(booking()).map(({ code }) => code)).toEqual(["TCK-A1"]);
    expect(isChangeable(booking())).toBe(true);
    expect(isChangeable(booking({ status: "cancelled" }))).toBe(false);
    expect(isChangeable(booking({ session: { id: 1, starts_at: "2001-01-01T00:00:00Z", time_zone: "UTC" } }))).toBe(
      false,
    );
    expect(isChangeable(booking({ tickets: [ticket("A", "A1", "used")] }))).toBe(false);
  });

  it("finds a ticket's seat by its place", () => {
    expect(seatOf(booking(), booking().tickets[1]!)).toBe(2);
    expect(seatOf(booking(), { ...booking().tickets[0]!, seat: null })).toBeNull();
  });

  it("sends the names that were really changed", () => {
    const tickets = [
      { code: "a", holder_name: "Ann" },
      { code: "b", holder_name: "Ann" },
      { code: "c", holder_name: "Ann" },
    ];
    const typed: Record<string, string> = { a: " Ann ", b: "Bob ", c: "  " };
    expect(changedNames(tickets, (code) => typed[code]!)).toEqual([{ code: "b", name: "Bob" }]);
  });
});

describe("seats to be had instead", () => {
  /** Rows A and B of three for 40, a row C of three for 90. */
  const snapshot: SeatSnapshot = {
    version: 1,
    layout: { width: 100, height: 100, sections: [{ id: 7, name: "Stalls", x: 0, y: 0, w: 100, h: 100 }] },
    ticket_types: [
      { id: 1, name: "Stalls", price_minor: 4000, premium: false },
      { id: 2, name: "Box", price_minor: 9000, premium: true },
    ],
    seats: {
      ids: [1, 2, 3, 4, 5, 6, 7, 8, 9],
      labels: ["A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3"],
      rows: ["A", "A", "A", "B", "B", "B", "C", "C", "C"],
      section: [7, 7, 7, 7, 7, 7, 7, 7, 7],
      x: [0, 20, 40, 0, 20, 40, 0, 20, 40],
      y: [0, 0, 0, 24, 24, 24, 48, 48, 48],
      ticket_type: [1, 1, 1, 1, 1, 1, 2, 2, 2],
      state: "ssfshffff",
    },
  };
  const plan = planOf(snapshot);

  it("are free, of the same price, row by row", () => {
    expect(choicesFor(plan, statesOf(plan, snapshot), 1)).toEqual([
      {
        section: "Stalls",
        rows: [
          { row: "A", seats: [{ id: 3, label: "3" }] },
          { row: "B", seats: [{ id: 6, label: "3" }] },
        ],
      },
    ]);
    expect(choicesFor(plan, statesOf(plan, snapshot), 99)).toEqual([]);
  });
});

describe("a receipt", () => {
  it("keeps what was given back apart, also among tickets without seats", () => {
    const standing = { label: null, row: null, section: null, ticket_type: "Floor" };
    const lines = linesOf({
      seats: [
        seat(1, "A", "A1"),
        seat(2, "A", "A2", { refund_minor: 0 }),
        seat(3, "", "", standing),
        seat(4, "", "", standing),
        seat(5, "", "", { ...standing, refund_minor: 0 }),
      ],
    });
    expect(lines.map(({ sum, isBack }) => [sum, isBack])).toEqual([
      [4000, false],
      [4000, true],
      [8000, false],
      [4000, true],
    ]);
  });

  it("tells the parts of an all-in price, and nothing of a bare one", () => {
    expect(partsOf({ net_minor: 4000, fee_minor: 0, tax_minor: 0, taxes: [] })).toBeNull();
    const taxes = [{ name: "VAT 19 %", rate_ppm: 190_000, tax_minor: 639 }];
    const price = { net_minor: 3361, fee_minor: 0, tax_minor: 639, taxes };
    expect(partsOf(price)).toEqual(price);
  });
});
