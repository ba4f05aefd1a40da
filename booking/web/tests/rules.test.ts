import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { expiryOf, readFragment, roomOfEvent } from "../src/admission/tokens";
import { posterOf } from "../src/events/poster";
import { isOnSale, saleState } from "../src/events/sale";
import { filterCount, readEventSearch } from "../src/events/search";
import { amountPattern, currencies } from "../src/organise/amounts";
import { emptyDraft, eventOf, faultsOf } from "../src/organise/wizard/draft";
import { minorOf } from "../src/organise/numbers";
import { groupCard, isCardNumber, testCards } from "../src/payments/card";
import { linesOf } from "../src/payments/OrderSummary";
import { digitsOf, minorUnits, priceText, sumText } from "../src/ui/money";
import { leftText } from "../src/ui/time";

const now = Date.parse("2026-03-01T12:00:00Z");
const event = {
  status: "published" as const,
  sales_open_at: null,
  sales_close_at: null,
  remaining_tickets: 50,
  total_tickets: 100,
  event_date: "2026-04-01T18:00:00Z",
};

describe("where a sale stands", () => {
  it.each([
    [{}, "open"],
    [{ status: "draft" as const }, "draft"],
    [{ status: "cancelled" as const }, "cancelled"],
    [{ sales_open_at: "2026-03-02T00:00:00Z" }, "before"],
    [{ sales_close_at: "2026-03-01T12:00:00Z" }, "ended"],
    [{ remaining_tickets: 0 }, "sold-out"],
    [{ remaining_tickets: 9 }, "last"],
    [{ event_date: "2026-02-01T18:00:00Z" }, "past"],
  ])("%o is %s", (part, state) => {
    expect(saleState({ ...event, ...part }, now)).toBe(state);
  });

  it("sells only when open", () => {
    expect((["open", "last", "before", "sold-out", "ended"] as const).filter(isOnSale)).toEqual(["open", "last"]);
  });
});

describe("money", () => {
  it("prints whole prices short and sums in full", () => {
    expect(priceText(7500, "USD")).toMatch(/75$/);
    expect(priceText(7550, "USD")).toMatch(/75[.,]50$/);
    expect(priceText(0, "USD")).toBe("Free");
    expect(sumText(7500, "USD")).toMatch(/75[.,]00$/);
  });

  it("knows the minor units of every currency as the server does, whatever Intl says", () => {
    const server = readFileSync(new URL("../../src/money.rs", import.meta.url), "utf8");
    const others = [...server.matchAll(/\("([A-Z]{3})", (\d)\),/g)].map(
      ([, code, digits]) => [code!, Number(digits)] as const,
    );
    expect(others.length).toBeGreaterThan(20);
    for (const [code, digits] of others) expect(digitsOf(code), code).toBe(digits);
    for (const code of currencies.filter((each) => !others.some(([other]) => other === each)))
      expect(digitsOf(code), code).toBe(2);
    expect([minorUnits("JPY"), minorUnits("USD"), minorUnits("KWD")]).toEqual([1, 100, 1000]);
  });

  it.each([
    [1500, "JPY", /^¥1,500$/],
    [750, "USD", /^\$7\.50$/],
    [12_345, "KWD", /12\.345/],
    [123_450, "HUF", /1,234\.50/],
  ])("shows %d minor units of %s with the currency's own decimals", (minor, currency, text) =>
    expect(sumText(minor, currency)).toMatch(text),
  );

  it.each([
    ["25", 2500],
    ["12.5", 1250],
    ["12,05", 1205],
    ["0.07", 7],
    ["", null],
    ["1.234", null],
    ["-3", null],
    ["1e3", null],
  ])("reads %j as %j", (text, minor) => expect(minorOf(text)).toBe(minor));
});

describe("the admission in an address", () => {
  it("needs both parts", () => {
    expect(readFragment("#admission=abc.def&room=hot")).toEqual({
      token: "abc.def",
      room: "hot",
    });
    expect(readFragment("#admission=abc")).toBeNull();
    expect(readFragment("#tickets")).toBeNull();
  });

  it("tells when it ends, if it can be read", () => {
    const token = `x.${btoa(JSON.stringify({ exp: 1_800_000_000 }))}.y`;
    expect(expiryOf(token)).toBe(1_800_000_000_000);
    for (const broken of ["", "a.b.c", "a..c", `a.${btoa('"no"')}.c`]) expect(expiryOf(broken)).toBeNull();
  });
});

describe("the visit behind an order", () => {
  it("is found by the event that its token names", () => {
    const token = (about: string) => `x.${btoa(JSON.stringify({ event: about }))}.y`;
    const kept = { "rushline.admission.hot": token("7"), "rushline.admission.odd": "damaged", basket: token("8") };
    const storage = Object.create({ getItem: (key: keyof typeof kept) => kept[key] }) as Storage;
    vi.stubGlobal("sessionStorage", Object.assign(storage, kept));
    expect([roomOfEvent(7), roomOfEvent(8)]).toEqual(["hot", null]);
    vi.unstubAllGlobals();
  });
});

describe("searches in addresses", () => {
  it("keep what makes sense", () => {
    const search = readEventSearch({
      q: "  rock ",
      from: "2026-01-01",
      to: "soon",
      min_price: "12",
      max_price: -1,
      sort: "drop table",
      available: "true",
    });
    expect(search).toEqual({
      q: "rock",
      from: "2026-01-01",
      min_price: 12,
      available: true,
    });
    expect(filterCount(search)).toBe(3);
  });
});

describe("posters", () => {
  it("are the same for the same event and differ between events", () => {
    const poster = (id: number) => JSON.stringify(posterOf({ id, name: "Rock Night", category: "concert" }));
    expect(poster(1)).toBe(poster(1));
    expect(new Set(Array.from({ length: 20 }, (_, id) => poster(id))).size).toBe(20);
  });

  it("stay small for every category", () => {
    for (const category of ["concert", "sports", "conference", "theatre", "movie", "other", null]) {
      for (let id = 0; id < 30; id++) expect(posterOf({ id, name: "X", category }).shapes.length).toBeLessThan(60);
    }
  });
});

describe("cards", () => {
  it("are grouped as printed and checked before sending", () => {
    expect(groupCard("4242-4242 42424242x")).toBe("4242 4242 4242 4242");
    expect(isCardNumber("4242 4242 4242 4242")).toBe(true);
    expect(isCardNumber("4242 4242 4242 4241")).toBe(false);
    expect(isCardNumber("4242")).toBe(false);
  });

  it("for testing pass the check", () => {
    for (const card of testCards) expect(isCardNumber(card.number)).toBe(true);
  });
});

it("an order lists seats one by one and standing tickets together", () => {
  const seat = {
    id: 1,
    label: "C12",
    section: "Stalls",
    row: "C",
    price_minor: 4000,
    ticket_type: "Stalls",
    ticket_type_id: 1,
    net_minor: 4000,
    fee_minor: 0,
    tax_minor: 0,
    given_back: false,
  };
  const standing = {
    id: 2,
    label: null,
    section: null,
    row: null,
    price_minor: 1000,
    ticket_type: "Floor",
    ticket_type_id: 1,
    net_minor: 4000,
    fee_minor: 0,
    tax_minor: 0,
    given_back: false,
  };
  expect(linesOf({ seats: [seat, standing, { ...standing, id: 3 }] })).toEqual([
    { key: "1", text: "Stalls, row C, seat 12", sum: 4000, isBack: false },
    { key: "Floor|1000|false", text: "2 × Floor", sum: 2000, isBack: false },
  ]);
});

describe("times", () => {
  it("count down", () => {
    expect(leftText(0)).toBe("0:00");
    expect(leftText(59_001)).toBe("1:00");
    expect(leftText(3_661_000)).toBe("1:01:01");
    expect(leftText(50 * 3_600_000)).toBe("2 days");
    expect(leftText(-5)).toBe("0:00");
  });
});

describe("a new event", () => {
  const draft = {
    ...emptyDraft,
    name: "Rock Night",
    venueName: "City Arena",
    currency: "USD",
    sessions: [{ ...emptyDraft.sessions[0]!, startsAt: "2026-12-10T20:00" }],
  };

  it("names what is missing", () => {
    expect(Object.keys(faultsOf(emptyDraft))).toEqual(["name", "venue", "sessions.0.startsAt", "currency"]);
    expect(
      faultsOf({
        ...draft,
        types: [{ ...draft.types[0]!, price: "abc", quantity: "0" }],
      }),
    ).toHaveProperty(["types.0.price"]);
    expect(faultsOf(draft)).toEqual({});
  });

  it("is sent as a draft, with money in minor units and the venue's local time", () => {
    const sent = eventOf(draft, "America/New_York", "draft");
    expect(sent).toMatchObject({
      status: "draft",
      venue: "City Arena",
      time_zone: "America/New_York",
    });
    expect(sent.sessions?.[0]).toMatchObject({
      starts_at: "2026-12-10T20:00",
      ticket_types: [{ price_minor: 2500, quantity: 500 }],
    });
  });

  it.each([
    ["JPY", "2500", 2500, "12.5"],
    ["EUR", "12,5", 1250, "1.234"],
    ["KWD", "1.234", 1234, "1.2345"],
  ])("in %s takes %j for %d minor units, and refuses %j", (currency, price, minor, wrong) => {
    const priced = (text: string) => ({ ...draft, currency, types: [{ ...draft.types[0]!, price: text }] });
    expect(eventOf(priced(price), "UTC", "draft")).toMatchObject({
      currency,
      sessions: [{ ticket_types: [{ price_minor: minor }] }],
    });
    expect(faultsOf(priced(price))).toEqual({});
    expect(faultsOf(priced(wrong))).toHaveProperty(["types.0.price"]);
    expect(new RegExp(`^(${amountPattern(currency)})$`).test(wrong)).toBe(false);
  });

  it("with seats sells sections, each at least once", () => {
    const seated = { ...draft, venueId: "3", layoutId: "8" };
    expect(faultsOf(seated)).toHaveProperty(["types.0.sections"]);
    const sent = eventOf({ ...seated, types: [{ ...draft.types[0]!, sections: ["Stalls"] }] }, "UTC", "published");
    expect(sent).toMatchObject({
      venue_id: 3,
      sessions: [{ layout_id: 8, ticket_types: [{ sections: ["Stalls"] }] }],
    });
    expect(sent.sessions?.[0]?.ticket_types[0]).not.toHaveProperty("quantity");
  });
});
