import { describe, expect, it } from "vitest";
import type { EventCard, EventDetail, EventStats, SalesReportRow } from "../src/api/types";
import { readJobSearch } from "../src/organise/admin/search";
import { subjectOf, titleOf, toneOf } from "../src/organise/admin/jobs";
import { axisEnd, dayMs, gridOf, hourMs, running, tickFormat } from "../src/organise/charts/series";
import { chargesFaults, noCharges } from "../src/organise/charges";
import { changeOf, differing, type Edited, editedOf, faultsOf, isSimple } from "../src/organise/event/change";
import { demandOf } from "../src/organise/event/demand";
import { csvOf, everyRow } from "../src/organise/exports";
import { daysLater, venueLocal } from "../src/organise/local";
import { metricsOf, paceOf, systemSampleOf, withSample } from "../src/organise/overview/metrics";
import { counted, percentText, salesIn, shareOf, totalsOf, typesOf, watchedOf } from "../src/organise/overview/rollup";
import { questionOf, totalsOf as totalsOfReport, valueOf } from "../src/organise/reports/report";
import { anotherType, emptyDraft, isDraft, painted, stepOf } from "../src/organise/wizard/draft";
import { minorOf } from "../src/organise/numbers";

describe("a chart", () => {
  const sold = (at: string, tickets: number) => ({ at, tickets, bookings: 1, revenue_minor: tickets * 100 });

  it("counts hours without a sale as nought, and adds what falls into one", () => {
    const sales = [sold("2026-11-21T10:00:00Z", 2), sold("2026-11-21T12:00:00Z", 3), sold("2026-11-21T12:30:00Z", 1)];
    const grid = gridOf(sales, hourMs, Date.parse("2026-11-21T13:20:00Z"));
    expect(grid.tickets.slice(-4)).toEqual([2, 0, 4, 0]);
    expect(grid.bookings.slice(-2)).toEqual([2, 0]);
    expect(grid.times.at(-1)).toBe(Date.parse("2026-11-21T13:00:00Z") / 1000);
    expect(grid.times.length, "a single hour makes no picture").toBe(12);
    expect(running([2, 0, 4])).toEqual([2, 2, 6]);
  });

  it("is empty where nothing was sold, and no longer than can be read", () => {
    expect(gridOf([], dayMs, 0).times).toEqual([]);
    const long = gridOf([sold("2000-01-01T00:00:00Z", 1)], hourMs, Date.parse("2026-01-01T00:00:00Z"));
    expect(long.times).toHaveLength(744);
  });

  it("writes instants as its span asks for, and never ends at nought", () => {
    expect(tickFormat(300)).toHaveProperty("second");
    expect(tickFormat(86_400)).not.toHaveProperty("day");
    expect(tickFormat(30 * 86_400)).toHaveProperty("day");
    expect([axisEnd(0), axisEnd(100)]).toEqual([1, 108]);
  });
});

const stats = (part: Partial<EventStats>): EventStats => ({
  sold: 0,
  held: 0,
  free: 0,
  capacity: 0,
  occupancy: 0,
  revenue_minor: 0,
  revenue: { total_minor: 0, net_minor: 0, fee_minor: 0, tax_minor: 0 },
  currency: "USD",
  bookings: 0,
  cancelled: 0,
  cancellation_rate: 0,
  checked_in: 0,
  sales: [],
  ticket_types: [],
  ...part,
});

describe("events together", () => {
  const type = (name: string, sold: number) => ({
    id: 1,
    session: 1,
    name,
    price_minor: 100,
    capacity: 10,
    sold,
    held: 1,
    free: 9 - sold,
    revenue_minor: sold * 100,
  });

  it("add up, money by currency", () => {
    const totals = totalsOf([
      stats({ sold: 2, revenue_minor: 200, bookings: 2, cancelled: 1 }),
      stats({ sold: 3, revenue_minor: 900, currency: "EUR", checked_in: 1 }),
    ]);
    expect(totals).toMatchObject({ sold: 5, bookings: 2, cancelled: 1, checkedIn: 1 });
    expect(totals.revenue.map(({ currency }) => currency)).toEqual(["EUR", "USD"]);
    const sale = { at: "2026-11-21T10:00:00Z", bookings: 1, tickets: 1, revenue_minor: 100 };
    expect(salesIn([stats({ sales: [sale] }), stats({ currency: "EUR", sales: [sale] })], "EUR")).toHaveLength(1);
  });

  it("sell types by name, the best first", () => {
    const types = typesOf([
      stats({ ticket_types: [type("VIP", 1), type("Floor", 4)] }),
      stats({ ticket_types: [type("VIP", 2)] }),
    ]);
    expect(types.map(({ name, sold, capacity }) => [name, sold, capacity])).toEqual([
      ["Floor", 4, 10],
      ["VIP", 3, 20],
    ]);
  });

  it("are watched when they are on sale, the busiest first", () => {
    const now = Date.parse("2026-11-21T10:00:00Z");
    const card = (id: number, event_date: string, remaining_tickets: number, status = "published") =>
      ({ id, event_date, remaining_tickets, total_tickets: 10, status }) as EventCard;
    const events = [
      card(1, "2027-01-01T00:00:00Z", 10),
      card(2, "2026-12-01T00:00:00Z", 10),
      card(3, "2028-01-01T00:00:00Z", 2),
      card(4, "2026-11-01T00:00:00Z", 0),
      card(5, "2027-01-01T00:00:00Z", 0, "draft"),
    ];
    expect(watchedOf(events, now, 2).map(({ id }) => id)).toEqual([3, 2]);
    expect([percentText(0.1234), shareOf(1, 0), counted(1, "draft"), counted(2, "draft")]).toEqual([
      "12.3%",
      0,
      "1 draft",
      "2 drafts",
    ]);
  });
});

describe("the server's figures", () => {
  const text = [
    "# TYPE http_request_duration_seconds summary",
    'http_request_duration_seconds_count{operation="a \\"b\\"",status="200"} 90',
    'http_request_duration_seconds_count{operation="c",status="503"} 10',
    'http_request_duration_seconds_sum{operation="c",status="503"} 2',
    "process_cpu_seconds_total 1.5",
    'db_connections{state="used"} 3',
    "broken line",
  ].join("\n");

  it("are read from their text, by name and label", () => {
    const sample = systemSampleOf(metricsOf(text), 1000);
    expect(sample).toMatchObject({ atMs: 1000, answers: 100, failed: 10, answerS: 2, cpuS: 1.5, databaseUsed: 3 });
  });

  it("become a pace between two looks, and none across a new start", () => {
    const before = systemSampleOf(metricsOf(text), 0);
    const now = { ...before, atMs: 5000, answers: 150, answerS: 3, cpuS: 4 };
    expect(paceOf(before, now)).toEqual({ answersPerS: 10, failedPerS: 0, meanMs: 20, cpuPercent: 50 });
    expect(paceOf(now, { ...before, atMs: 9000 })).toBeNull();
    expect(withSample([before], before)).toHaveLength(1);
    expect(withSample([before], { ...now, atMs: 400_000 })).toHaveLength(1);
  });
});

describe("an event's change", () => {
  const zone = "America/New_York";
  const event = {
    id: 1,
    name: "Rock Night",
    description: "Loud",
    category: "concert",
    event_date: "2026-12-11T01:00:00Z",
    currency: "USD",
    room: null,
    sales_open_at: null,
    sales_close_at: null,
    per_person_limit: 4,
    refund_policy: { full_until_h: 168, half_until_h: 24, text: "" },
    venue_details: { id: 1, name: "Arena", address: "", time_zone: zone },
    sessions: [{ seated: false, ticket_types: [{ price_minor: 8100, face_minor: 7550, total: 500 }] }],
    charges: {
      service_fee: { fixed_minor: 150, rate_ppm: 25_000 },
      taxes: [{ name: "VAT", rate_ppm: 75_000 }],
      taxes_included: true,
      rounding: "half-even",
      text: "",
    },
  } as unknown as EventDetail;
  const base = editedOf(event);

  it("is filled in by the venue's clock", () => {
    expect(base).toMatchObject({ startsAt: "2026-12-10T20:00", price: "75.50", total: "500", room: "" });
    expect(isSimple({ sessions: [...event.sessions, ...event.sessions] })).toBe(false);
    expect([venueLocal(null, zone), daysLater("2027-03-27T20:00", 1), daysLater("", 1)]).toEqual([
      "",
      "2027-03-28T20:00",
      "",
    ]);
  });

  it("sends only what differs, and takes away what was emptied", () => {
    expect(changeOf(base, base, "USD")).toEqual({});
    const after: Edited = { ...base, description: "Louder", fullUntilH: "48", price: "80,5" };
    expect(changeOf({ ...base, room: "line" }, after, "USD")).toEqual({
      description: "Louder",
      ticket_price: 80.5,
      refund_policy: { full_until_h: 48, half_until_h: 24 },
      room: null,
    });
    expect(differing(base, after)).toEqual(["description", "price", "fullUntilH"]);
  });

  it("has fees and taxes as people write them, and sends them as the API counts them", () => {
    expect(base.charges).toEqual({
      feeFixed: "1.50",
      feePercent: "2.5",
      taxes: [{ name: "VAT", percent: "7.5" }],
      isIncluded: true,
    });
    const after = { ...base, charges: { ...base.charges, feePercent: "", isIncluded: false } };
    expect(changeOf(base, after, "USD")).toEqual({
      charges: {
        service_fee: { fixed_minor: 150, rate_ppm: 0 },
        taxes: [{ name: "VAT", rate_ppm: 75_000 }],
        taxes_included: false,
      },
    });
    expect(changeOf(base, { ...base, charges: noCharges }, "USD")).toEqual({ charges: null });
    const twice = { name: "VAT", percent: "0" };
    const broken = { feeFixed: "x", feePercent: "101", taxes: [...base.charges.taxes, twice], isIncluded: true };
    expect(Object.keys(chargesFaults(broken, "USD"))).toEqual([
      "charges.feeFixed",
      "charges.feePercent",
      "charges.taxes.1.name",
      "charges.taxes.1.percent",
    ]);
  });

  it("names what is wrong", () => {
    expect(faultsOf(base, "USD")).toEqual({});
    const broken = { ...base, name: " ", startsAt: "", price: "x", total: "0", perPersonLimit: "0" };
    expect(Object.keys(faultsOf(broken, "USD"))).toEqual(["name", "startsAt", "price", "total", "perPersonLimit"]);
  });
});

describe("a waiting list", () => {
  it("is told in the event's own words, where most wait first", () => {
    const session = {
      id: 7,
      starts_at: "2027-01-01T20:00:00Z",
      time_zone: "UTC",
      ticket_types: [{ id: 1, name: "VIP" }],
    };
    const event = { sessions: [session] } as unknown as EventDetail;
    const wait = { session: 7, tickets: 4, offered: 0 };
    const told = demandOf(event, [
      { ...wait, people: 1, ticket_type: 1 },
      { ...wait, people: 3, ticket_type: null },
      { ...wait, people: 9, session: 8 },
    ]);
    expect(told.map(({ type, people }) => [type, people])).toEqual([
      [null, 3],
      ["VIP", 1],
    ]);
  });
});

describe("a report", () => {
  const row = (name: string, currency: string, figures: Partial<SalesReportRow>): SalesReportRow => ({
    key: name,
    name,
    currency,
    ...figures,
  });
  const span = { from: "2027-02-05", to: "" };

  it("asks for the figures that its columns are made of, and of such rows known", () => {
    expect(questionOf("event", ["tickets", "occupancy", "net"], span)).toEqual({
      by: "event",
      measure: "net,places,tickets",
      ...span,
    });
    expect(questionOf("day", ["occupancy", "cancellationRate"], span).measure).toBe("bookings,cancelled,tickets");
    expect(questionOf("ticket_type", ["bookings"], span).measure, "rows alone").toBe("tickets");
    expect(questionOf("status", [], span).measure).toBe("tickets");
  });

  it("adds up its rows, and no two currencies", () => {
    const rows = [
      row("A", "USD", { tickets: 2, places: 10, net_minor: 200 }),
      row("B", "USD", { tickets: 4, places: 10, net_minor: 400 }),
      row("C", "EUR", { tickets: 1, places: 2, net_minor: 50 }),
    ];
    const totals = totalsOfReport({ by: "event", rows, is_cut: false });
    expect(totals).toEqual([
      { key: "", name: "All", currency: "USD", tickets: 6, places: 20, net_minor: 600 },
      { key: "", name: "All", currency: "EUR", tickets: 1, places: 2, net_minor: 50 },
    ]);
    expect([valueOf(totals[0]!, "occupancy"), valueOf(totals[0]!, "net")]).toEqual([0.3, 600]);
    expect(totalsOfReport({ by: "event", rows, is_cut: true }), "no sum of a part").toEqual([]);
  });

  it("says of its rows only what is known of them", () => {
    const type = row("VIP", "USD", { tickets: 2, revenue_minor: 200 });
    const values = (["tickets", "revenue", "cancellationRate", "occupancy", "check_ins"] as const).map((measure) =>
      valueOf(type, measure),
    );
    expect(values).toEqual([2, 200, null, null, null]);
  });
});

describe("the wizard", () => {
  it("leads to the page of a fault", () => {
    expect(["name", "sessions.1.endsAt", "currency", "types.0.price", "fullUntilH"].map(stepOf)).toEqual([
      0, 1, 2, 2, 3,
    ]);
  });
  it("paints a section with one type, and takes it back", () => {
    const types = [emptyDraft.types[0]!, anotherType(emptyDraft.types)];
    expect(types[1]).toMatchObject({ key: 2 });
    expect(types[1]?.colour).not.toBe(types[0]?.colour);
    const first = painted(types, 1, "sections", "Stalls");
    const second = painted(first, 2, "sections", "Stalls");
    expect(second.map(({ sections }) => sections)).toEqual([[], ["Stalls"]]);
    expect(painted(second, 2, "sections", "Stalls").map(({ sections }) => sections)).toEqual([[], []]);
  });
  it("knows a kept draft from anything else", () => {
    expect([isDraft(emptyDraft), isDraft({ name: "x" }), isDraft(null)]).toEqual([true, false, false]);
  });
  it("reads amounts in the currency's own decimals", () => {
    expect([minorOf("2500", 1), minorOf("2.5", 1), minorOf("1.25", 1000)]).toEqual([2500, null, 1250]);
  });
});

describe("files", () => {
  it("are CSV that no spreadsheet takes for formulas", () => {
    expect(csvOf([{ name: '=1+1 "x"', tickets: -2, at: null }])).toBe(
      '"name","tickets","at"\r\n"\'=1+1 ""x""","-2",""\r\n',
    );
    expect(csvOf([])).toBe("\r\n");
  });
  it("hold every page of a list", async () => {
    const pages: Record<string, { items: number[]; next: string | null }> = {
      start: { items: [1, 2], next: "b" },
      b: { items: [3], next: null },
    };
    expect(await everyRow(async (cursor) => pages[cursor ?? "start"]!)).toEqual([1, 2, 3]);
  });
});

describe("jobs", () => {
  it("are called by what they do", () => {
    const mail = { kind: "mail", payload: { message: "booking-confirmed", booking: "0192a3b4-aaaa" } };
    expect([titleOf(mail), subjectOf(mail)]).toEqual(["Mail: booking confirmed", "booking 0192a3b4"]);
    expect([titleOf({ kind: "new-kind", payload: null }), subjectOf({ payload: null })]).toEqual(["new-kind", null]);
    expect([toneOf("dead").tone, toneOf("odd").text]).toEqual(["bad", "odd"]);
    expect(readJobSearch({ status: "dead", kind: "" })).toEqual({ status: "dead", kind: undefined });
    expect(readJobSearch({ status: "x" }).status).toBeUndefined();
  });
});
