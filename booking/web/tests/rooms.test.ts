import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Room, RoomSettings, RoomState } from "../src/api/rooms";
import { wishOf } from "../src/organise/rooms/codes";
import { columnsOf, grown, measuredRate, type Sample, sampleOf, sampleOfAll } from "../src/organise/rooms/history";
import { contrast, textOn } from "../src/organise/rooms/look";
import {
  instantOf,
  levers,
  leverWords,
  localOf,
  settingNames,
  settingsOf,
  shareOf,
  sliderOf,
  sliderSteps,
  sliderValue,
  slugOf,
  undoOf,
} from "../src/organise/rooms/rules";

const settings: RoomSettings = {
  name: "Rock Night",
  event: "1",
  lobby_at: null,
  opens_at: null,
  closes_at: null,
  rate_per_minute: 60,
  cap: 100,
  claim_window_s: 60,
  session_length_s: 600,
  booking_url: "/events/1",
  message: null,
  deferral_s: 300,
  grace_s: 0,
  idle_percent: 0,
  one_per_account: true,
  lanes: [{ name: "general", weight: 1, needs_code: false }],
  theme: { name: "Harbour" },
  entry: {},
  draw: false,
};

const room: Room = {
  ...settings,
  id: "rock-night",
  state: "open",
  waiting: 12,
  serving: 30,
  admitted: 8,
  called: 2,
  at_door: 0,
  totals: { joined: 50, called: 30, admitted: 25, missed: 3, left: 2, departed: 17 },
  watchers: 10,
  server_time: "2026-11-21T20:00:00Z",
};

describe("a room's settings", () => {
  it("are sent back whole, without the figures", () => {
    expect(settingsOf(room)).toEqual(settings);
    expect(settingsOf({ ...room, renewals_max: 2 })).toMatchObject({ renewals_max: 2 });
  });
  it("are all that the server knows: a change would reset one that is missing here", () => {
    const source = readFileSync(new URL("../../../waiting-room/src/rooms/settings.rs", import.meta.url), "utf8");
    const body = /pub struct RoomSettings \{([^}]*)\}/.exec(source)?.[1] ?? "";
    const names = [...body.matchAll(/^ {4}pub (\w+):/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(10);
    expect(names.sort()).toEqual(Object.keys(settingNames).sort());
  });
});

describe("the levers", () => {
  const states = Object.keys(levers) as RoomState[];
  const now = Date.parse("2026-11-21T20:00:00Z");

  it("are one press to pause and resume, and ask before what turns people away", () => {
    expect(levers.open[0]).toBe("pause");
    expect(levers.paused[0]).toBe("resume");
    const asking = Object.entries(leverWords).filter(([, words]) => words.ask);
    expect(asking.map(([act]) => act).sort()).toEqual(["bypass", "close", "drain", "open", "queue-all"]);
  });
  it("lead back to where the room was", () => {
    const back = (state: RoomState, opens_at: string | null = null) => undoOf({ state, opens_at }, now);
    expect(states.map((state) => back(state))).toEqual([
      null,
      null,
      "open",
      "open",
      "pause",
      "drain",
      "close",
      "bypass",
      "queue-all",
    ]);
    expect(back("lobby", "2026-11-21T21:00:00Z"), "the schedule takes over again").toBe("resume");
    expect(back("lobby", "2026-11-21T19:00:00Z")).toBeNull();
  });
});

describe("the sliders", () => {
  it("reach both ends and read well in between", () => {
    expect([sliderValue(0, 10_000), sliderValue(sliderSteps, 10_000)]).toEqual([1, 10_000]);
    expect([sliderOf(1, 10_000), sliderOf(10_000, 10_000), sliderOf(50_000, 10_000)]).toEqual([0, 200, 200]);
    expect(sliderValue(sliderOf(600, 10_000), 10_000)).toBe(600);
    expect(sliderValue(101, 10_000)).toBe(100);
  });
  it("never go back as they go on", () => {
    const values = Array.from({ length: sliderSteps + 1 }, (_, step) => sliderValue(step, 10_000));
    expect(values).toEqual([...values].sort((a, b) => a - b));
  });
});

describe("figures over time", () => {
  const sample = (seconds: number, admitted: number): Sample => ({
    atMs: seconds * 1000,
    waiting: 9,
    inside: 1,
    admitted,
  });

  it("are kept for five minutes, in order", () => {
    const samples = [sample(0, 0), sample(299, 5)];
    expect(grown(samples, sample(301, 6)).map(({ atMs }) => atMs)).toEqual([299_000, 301_000]);
    expect(grown(samples, sample(299, 9))).toBe(samples);
    expect(sampleOf(room)).toMatchObject({ waiting: 12, inside: 8, admitted: 25 });
  });
  it("say how many go in a minute, over the last minute only", () => {
    expect(measuredRate([sample(0, 0), sample(4, 40)])).toBeNull();
    expect(measuredRate([sample(0, 0), sample(30, 40)])).toBe(80);
    expect(measuredRate([sample(0, 0), sample(60, 500), sample(120, 520)])).toBe(20);
  });
  it("are a chart's columns, and a house's sum", () => {
    const columns = columnsOf([sample(0, 0), sample(30, 40)]);
    expect(columns).toEqual({ times: [0, 30], waiting: [9, 9], inside: [1, 1], rates: [null, 80] });
    const later = { ...room, waiting: 3, server_time: "2026-11-21T20:00:05Z" };
    expect(sampleOfAll([later, room])).toEqual({
      atMs: Date.parse(later.server_time),
      waiting: 15,
      inside: 16,
      admitted: 50,
    });
  });
});

describe("a room's look", () => {
  it("is judged as the server judges it", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 3);
    expect([textOn("#ff5a36"), textOn("#00335a"), textOn("#7c7c7c")]).toEqual(["#17131f", "#f5f2fa", null]);
  });
});

describe("what is typed", () => {
  it("names rooms, lanes and instants", () => {
    expect([slugOf("Röck Night! 2026"), slugOf("--"), slugOf("x".repeat(80)).length]).toEqual([
      "rock-night-2026",
      "",
      64,
    ]);
    expect(shareOf({ weight: 3 }, [{ weight: 3 }, { weight: 1 }])).toBe(75);
    expect(shareOf({ weight: 0 }, [])).toBe(0);
    expect(instantOf("")).toBeNull();
    expect(instantOf(localOf("2026-11-21T20:00:00.000Z"))).toBe("2026-11-21T20:00:00.000Z");
    expect(localOf(null)).toBe("");
  });
  it("asks for codes made up or one's own", () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({
      lane: "members",
      uses_max: "2",
      expires_at: "",
      label: " mail ",
      count: "10",
    }))
      form.set(name, value);
    const about = { lane: "members", uses_max: 2, expires_at: null, label: "mail" };
    expect(wishOf(form)).toEqual({ count: 10, ...about });
    form.set("codes", "FAN CLUB\n\n early-bird ");
    expect(wishOf(form)).toEqual({ codes: ["FAN CLUB", "early-bird"], ...about });
  });
});
