import { describe, expect, it } from "vitest";
import { Announcer } from "../src/announce";
import { backOff, pollDelay, silence } from "../src/delays";
import { grew, share, type Start, track } from "../src/progress";
import type { Place, Room } from "../src/types";
import { nameOf, viewOf } from "../src/view";
import { clock, count, interval, limit, span } from "../src/wording";

const waiting: Place = {
  state: "waiting", number: 50, position: 40, ahead: 39, eta: null, serving: 10, message: null, claim_by: null,
  retry_after_s: 5, paused: false, room_state: "open", waiting_behind: 0, at_door: false, can_defer: false,
  deferred_until: null, joined_at: "2026-11-21T18:30:00Z", server_time: "2026-11-21T19:00:00Z",
};
const open: Room = {
  name: "Rock Night", state: "open", opens_at: null, message: null, serving: 10,
  server_time: "2026-11-21T19:00:00Z", retry_after_s: 5, deferral_s: 300, one_per_account: false, booking_url: "/events/1",
};
const model = (place: Partial<Place> | null, room: Partial<Room> = {}) =>
  ({ room: { ...open, ...room }, place: place && { ...waiting, ...place }, trouble: null });

describe("progress", () => {
  const walk = (...positions: number[]) =>
    positions.reduce<Start | null>((start, position) => track(start, { ...waiting, position }), null)!;

  it("is measured from the first position seen", () => {
    expect(share(walk(40))).toBe(0);
    expect(share(walk(40, 10))).toBe(0.75);
  });
  it("never goes back, and says when the line ahead grew", () => {
    const start = walk(40, 10, 14);
    expect(share(start)).toBe(0.75);
    expect(grew(start, 14)).toBe(true);
    expect(grew(start, 10)).toBe(false);
  });
  it("is not full before the turn comes", () => {
    expect(share(walk(40, 1))).toBeLessThan(1);
  });
  it("starts anew with a new number and keeps still when the turn comes", () => {
    const start = walk(40, 10);
    expect(track(start, { ...waiting, number: 90, position: 80 })).toEqual({ number: 90, from: 80, best: 80 });
    expect(track(start, { ...waiting, state: "called", position: 0 })).toBe(start);
  });
});

describe("the wait in words", () => {
  it("is an interval that promises no more than the figures", () => {
    expect(interval("en", { low_s: 250, high_s: 400 })).toBe("4–7 minutes");
    expect(interval("en", { low_s: 30, high_s: 61 })).toBe("0–2 minutes");
    expect(interval("en", { low_s: 3700, high_s: 9000 })).toBe("1–3 hours");
    expect(interval("de", { low_s: 250, high_s: 400 })).toBe("4–7 Minuten");
  });
  it("is one figure when both ends agree, and none below a minute", () => {
    expect(interval("en", { low_s: 60, high_s: 60 })).toBe("1 minute");
    expect(interval("en", { low_s: 5, high_s: 59 })).toBeNull();
    expect(limit("en", { low_s: 30, high_s: 61 })).toBe("2 minutes");
    expect(limit("de", { low_s: 0, high_s: 300 })).toBe("5 Minuten");
    expect(limit("en", { low_s: 600, high_s: 9000 })).toBe("3 hours");
    expect([limit("en", { low_s: 60, high_s: 61 }), limit("en", { low_s: 0, high_s: 59 })]).toEqual([null, null]);
  });
  it("names a length of time as it is set", () => {
    expect([span("en", 300), span("de", 60), span("en", 90)]).toEqual(["5 minutes", "1 Minute", "90 seconds"]);
  });
  it("counts down in the reader's digits", () => {
    expect(clock("en", 245_000)).toBe("04:05");
    expect(clock("en", 3_845_000)).toBe("1:04:05");
    expect(clock("en", 2 * 86_400_000 + 5_000)).toBe("2 days, 0:00:05");
    expect(clock("en", -5)).toBe("00:00");
    expect(clock("ar-EG", 245_000)).toBe("٠٤:٠٥");
    expect(count("de", 12_345)).toBe("12.345");
  });
});

describe("delays", () => {
  it("double up to half a minute, with half of it jitter", () => {
    expect([0, 1, 2, 3, 9].map((failures) => backOff(failures, 0))).toEqual([500, 1000, 2000, 4000, 15_000]);
    expect([0, 1, 2, 3, 9].map((failures) => backOff(failures, 1))).toEqual([3000, 2000, 4000, 8000, 30_000]);
  });
  it("never poll before the server's time", () => {
    expect(pollDelay(5, 0)).toBe(5000);
    expect(pollDelay(5, 1)).toBe(6000);
    expect(pollDelay(0.2, 0)).toBe(1000);
    expect(pollDelay(Number.NaN, 0)).toBe(5000);
  });
  it("believe a silent stream for four intervals, a minute at least", () => {
    expect(silence(5)).toBe(60_000);
    expect(silence(30)).toBe(120_000);
  });
});

describe("the view", () => {
  it.each([
    ["joining", model(null)],
    ["scheduled", model(null, { state: "scheduled" })],
    ["closed", model(null, { state: "closed" })],
    ["lobby", model({ state: "lobby" })],
    ["waiting", model({})],
    ["waiting", model({ room_state: "draining" })],
    ["paused", model({ paused: true })],
    ["paused", model({ room_state: "paused" })],
    ["closed", model({ room_state: "closed" })],
    ["closed", model({ state: "called", room_state: "closed" })],
    ["called", model({ state: "called", paused: true })],
    ["deferred", model({ deferred_until: "then" })],
    ["deferred", model({ deferred_until: "then", paused: true })],
    ["called", model({ state: "called", can_defer: true })],
    ["admitted", model({ state: "admitted" })],
    ["expired", model({ state: "expired" })],
    ["left", model({ state: "left" })],
    ["moved", model({ state: "moved" })],
    ["stale", { ...model(null), trouble: "stale" as const }],
    ["account", { ...model(null), trouble: "account" as const }],
    ["cookies", { ...model({}), trouble: "cookies" as const }],
  ])("is %s", (name, given) => {
    expect(nameOf(given)).toBe(name);
  });
  it("counts down to the opening before it and to the end of the turn in it", () => {
    expect(viewOf(model(null, { state: "scheduled", opens_at: "soon" })).until).toBe("soon");
    expect(viewOf(model({ state: "called", claim_by: "then" }, { opens_at: "soon" })).until).toBe("then");
    expect(viewOf(model({}, { opens_at: "soon" })).until).toBeNull();
  });
  it("offers the one thing that helps", () => {
    const does = (state: Place["state"]) => viewOf(model({ state })).action?.does;
    expect([does("waiting"), does("called"), does("admitted"), does("expired"), does("left"), does("moved")]).toEqual([
      undefined, "enter", "enter", "join", "join", undefined,
    ]);
    expect(viewOf(model(null, { state: "closed" })).action?.does).toBe("shop");
  });
  it("lets a turn be put off where that is offered, and taken before it comes again", () => {
    const turn = { state: "called", claim_by: "then" } as const;
    expect([viewOf(model(turn)).deferrable, viewOf(model({ ...turn, can_defer: true })).deferrable]).toEqual([false, true]);
    const { until, action, deferrable, leavable, standing } = viewOf(model({ deferred_until: "later", position: 1 }));
    expect([until, action?.does, deferrable, leavable, standing]).toEqual(["later", "enter", false, true, false]);
  });
  it("asks nothing of somebody at the door of a full shop", () => {
    const view = viewOf(model({ state: "called", claim_by: "then", at_door: true }));
    expect([view.name, view.until, view.action]).toEqual(["called", null, null]);
  });
  it("lets a place be given up only while there is one", () => {
    const leavable = (state: Place["state"]) => viewOf(model({ state })).leavable;
    expect([leavable("waiting"), leavable("lobby"), leavable("called"), leavable("admitted"), leavable("left")]).toEqual([
      true, true, true, false, false,
    ]);
  });
});

describe("the live region", () => {
  it("speaks figures at most every thirty seconds, news at once, nothing twice", () => {
    const announcer = new Announcer();
    expect(announcer.next("In line.", "40", 0)).toBe("In line. 40");
    expect(announcer.next("In line.", "39", 29_999)).toBeNull();
    expect(announcer.next("In line.", "38", 30_000)).toBe("In line. 38");
    expect(announcer.next("In line.", "38", 90_000)).toBeNull();
    expect(announcer.next("Paused.", "38", 90_001)).toBe("Paused. 38");
  });
});
