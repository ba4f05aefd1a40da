import { describe, expect, it } from "vitest";
import type { EventDetail } from "../src/api/types";
import { promoOf, typesOf } from "../src/organise/event/promo";
import { minorUnits } from "../src/ui/money";
import { type Choice, formatOf, mappingOf, nameOf, unreadable } from "../src/organise/venues/imports";

const choice = (over: Partial<Choice>): Choice => ({
  kind: "classes",
  value: "s",
  isSeat: false,
  category: "",
  ...over,
});

describe("what a drawing's names mean", () => {
  it("is left to the server when nothing was chosen", () => {
    expect(mappingOf([])).toBeUndefined();
    expect(mappingOf([choice({}), choice({ value: "t", category: "  " })])).toBeUndefined();
  });

  it("gathers seats and categories, a category's colour from the drawing's own", () => {
    const choices = [
      choice({ value: "chair", isSeat: true }),
      choice({ kind: "ids", value: "seat-*", isSeat: true }),
      choice({ kind: "colours", value: "#00ff00", category: "Premium " }),
      choice({ kind: "ids", value: "box-1", category: "Premium" }),
      choice({ value: "stalls", category: "Stalls" }),
    ];
    expect(mappingOf(choices)).toEqual({
      seats: { classes: ["chair"], ids: ["seat-*"] },
      categories: [
        { name: "Premium", colour: "#00ff00", colours: ["#00ff00"], ids: ["box-1"] },
        { name: "Stalls", classes: ["stalls"] },
      ],
    });
  });
});

describe("a plan's file", () => {
  it("is read by its ending", () => {
    expect(["Hall.SVG", "plan.json", "seats.csv", "plan.pdf", "plan"].map(formatOf)).toEqual([
      "svg",
      "pretix",
      "csv",
      null,
      null,
    ]);
  });

  it("is not sent when it can't be what it says", () => {
    expect(unreadable(null, "")).toContain(".csv");
    expect(unreadable("pretix", "{ not")).toContain("not JSON");
    expect([unreadable("pretix", "{}"), unreadable("svg", "<")]).toEqual([null, null]);
  });

  it("names the plan", () => {
    expect(nameOf("Main_Hall-2.svg")).toBe("Main Hall 2");
  });
});

describe("a promo code", () => {
  const typed = (values: Record<string, string>) => (name: string) => values[name] ?? "";
  const base = { code: " EARLY ", off: "12.50" };

  it("takes off a percentage, an amount, or nothing", () => {
    const of = (kind: "percent" | "amount" | "nothing") =>
      promoOf(
        { kind, types: [], unlocks: [] },
        typed({ ...base, off: kind === "percent" ? "20" : "12.50" }),
        minorUnits("USD"),
      );
    expect(of("percent")).toMatchObject({ code: "EARLY", percent: 20, uses_max: null, valid_from: null });
    expect(of("amount")).toMatchObject({ amount_minor: 1250 });
    expect(of("nothing")).not.toHaveProperty("percent");
  });

  it("says only what was chosen: types, what it opens, when, how often", () => {
    const made = promoOf(
      { kind: "percent", types: [3], unlocks: [7] },
      typed({ ...base, off: "5", valid_until: "2027-01-01T10:00", uses_max: "4" }),
      minorUnits("USD"),
    );
    expect(made).toMatchObject({ ticket_types: [3], unlocks: [7], uses_max: 4, uses_per_person: null });
    expect(made.valid_until).toBe(new Date("2027-01-01T10:00").toISOString());
    expect(promoOf({ kind: "percent", types: [], unlocks: [] }, typed(base), minorUnits("USD"))).not.toHaveProperty(
      "ticket_types",
    );
  });

  it("names a type with its date where there are several", () => {
    const session = (id: number, name: string) => ({
      starts_at: "2027-01-01T10:00:00Z",
      time_zone: "UTC",
      ticket_types: [{ id, name }],
    });
    const event = (...sessions: object[]) => ({ sessions }) as unknown as EventDetail;
    expect(typesOf(event(session(1, "Floor"))).map(({ text }) => text)).toEqual(["Floor"]);
    expect(typesOf(event(session(1, "Floor"), session(2, "Floor")))[1]!.text).toMatch(/^Floor, .*1 Jan|Floor, .*Jan 1/);
  });
});
