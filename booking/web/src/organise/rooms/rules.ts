import type { Lane, Room, RoomSettings, RoomState } from "../../api/rooms";
import type { Tone } from "../../ui/Card";
import type { IconName } from "../../ui/Icon";

/** What an operator can press. */
export type RoomAct = "open" | "pause" | "resume" | "drain" | "close" | "bypass" | "queue-all";

/** What is set of a room, by name. A setting that is missing here would be reset by every change of another one. */
export const settingNames: Record<keyof Required<RoomSettings>, true> = {
  name: true,
  event: true,
  lobby_at: true,
  opens_at: true,
  closes_at: true,
  rate_per_minute: true,
  cap: true,
  claim_window_s: true,
  session_length_s: true,
  booking_url: true,
  message: true,
  deferral_s: true,
  grace_s: true,
  idle_percent: true,
  one_per_account: true,
  lanes: true,
  theme: true,
  entry: true,
  draw: true,
  renewals_max: true,
  renewal_s: true,
  steering: true,
};

/** The settings of a room without its figures, as they are sent back. */
export const settingsOf = (room: Room): RoomSettings =>
  Object.fromEntries(Object.entries(room).filter(([name]) => name in settingNames)) as unknown as RoomSettings;

export const stateWords: Record<RoomState, { text: string; tone: Tone; means: string }> = {
  scheduled: { text: "Scheduled", tone: "plain", means: "Nobody can join yet." },
  lobby: { text: "Lobby", tone: "info", means: "People gather. Nobody is called before the opening." },
  drawing: { text: "Drawing", tone: "info", means: "The lobby is closed and its order is being drawn." },
  open: { text: "Open", tone: "good", means: "People are called, at the pace you set." },
  paused: { text: "Paused", tone: "warn", means: "Nobody is called. Everybody keeps the place." },
  draining: { text: "Draining", tone: "warn", means: "Nobody new can join. Those in line are still let in." },
  closed: { text: "Closed", tone: "plain", means: "Nobody joins, is called or goes in." },
  bypass: { text: "Bypass", tone: "bad", means: "The line is off: everyone walks in, without rate or cap." },
  "queue-all": {
    text: "Everyone waits",
    tone: "warn",
    means: "People join and nobody goes in, not even those called.",
  },
};

/** What can be pressed in a state; the first is the one to reach for. */
export const levers: Record<RoomState, readonly RoomAct[]> = {
  scheduled: ["open", "queue-all", "close"],
  lobby: ["open", "queue-all", "close"],
  drawing: ["pause", "queue-all", "close"],
  open: ["pause", "drain", "queue-all", "bypass", "close"],
  paused: ["resume", "drain", "queue-all", "bypass", "close"],
  draining: ["pause", "open", "close"],
  closed: ["open"],
  bypass: ["open", "pause", "queue-all", "close"],
  "queue-all": ["resume", "drain", "bypass", "close"],
};

interface LeverWords {
  text: string;
  icon: IconName;
  /** What is told before it is done, where that has to be asked. */
  ask?: string;
  /** What is said once it is done. */
  done: string;
}

export const leverWords: Record<RoomAct, LeverWords> = {
  open: {
    text: "Open",
    icon: "door",
    ask: "People are called from now on, whatever the schedule says.",
    done: "Open: people are being called.",
  },
  pause: { text: "Pause", icon: "pause", done: "Paused: nobody is called, everybody keeps the place." },
  resume: { text: "Resume", icon: "play", done: "The line moves again." },
  drain: {
    text: "Drain",
    icon: "filter",
    ask: "Nobody new can join the line. Those who wait are still let in.",
    done: "Draining: nobody new joins.",
  },
  close: {
    text: "Close",
    icon: "cross",
    ask: "The sale ends: nobody joins, is called or goes in, and those who wait are told that it is over. Visits under way go on.",
    done: "Closed.",
  },
  bypass: {
    text: "Bypass",
    icon: "people",
    ask: "The line is switched off: everyone walks straight into the shop, without rate or cap.",
    done: "Bypass: everyone walks in.",
  },
  "queue-all": {
    text: "Hold everyone",
    icon: "list",
    ask: "People may join, and nobody goes in, not even those who were called. Visits under way go on.",
    done: "Everyone waits. Resume to let people in.",
  },
};

const actsTo: Partial<Record<RoomState, RoomAct>> = {
  open: "open",
  drawing: "open",
  paused: "pause",
  draining: "drain",
  closed: "close",
  bypass: "bypass",
  "queue-all": "queue-all",
};

/** The act that leads back to where a room was; null where none does, as to a lobby without an hour of opening. */
export function undoOf(before: Pick<Room, "state" | "opens_at">, nowMs: number): RoomAct | null {
  const isEarly = before.opens_at !== null && Date.parse(before.opens_at) > nowMs;
  if (before.state === "scheduled" || before.state === "lobby") return isEarly ? "resume" : null;
  return actsTo[before.state] ?? null;
}

/** Steps of a slider from the least to the most. */
export const sliderSteps = 200;

/** Where a value stands on a slider from 1 to `most` whose steps are ratios: 10 to 20 is as far as 1,000 to 2,000. */
export const sliderOf = (value: number, most: number): number =>
  Math.round((Math.log(Math.min(Math.max(value, 1), most)) / Math.log(most)) * sliderSteps);

/** The value at a step of the slider, rounded to two digits so that it reads well. */
export function sliderValue(step: number, most: number): number {
  const exact = most ** (step / sliderSteps);
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(exact)) - 1);
  return Math.min(most, Math.max(1, Math.round(exact / unit) * unit));
}

/** A lane's share of the turns while people wait in all of them, in percent. */
export function shareOf(lane: Pick<Lane, "weight">, lanes: readonly Pick<Lane, "weight">[]): number {
  const all = lanes.reduce((sum, { weight }) => sum + weight, 0);
  return all === 0 ? 0 : Math.round((lane.weight / all) * 100);
}

/** An instant as a `datetime-local` field takes it, by this device's clock; empty for none. */
export function localOf(instant: string | null): string {
  if (instant === null) return "";
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The instant of a `datetime-local` field, or null for an empty one. */
export const instantOf = (local: string): string | null => (local === "" ? null : new Date(local).toISOString());

/** An id made of a name: `Rock Night!` → `rock-night`. */
export const slugOf = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 64);
