import type { Settled } from "../api/types";
import type { Shown } from "./book";

/** Somebody let in by this scanner. Kept on the device until the server knows of it, and for the log after that. */
export interface Entry {
  /** Made here, so that the same entry reported twice is one entry. */
  id: string;
  session: number;
  /** The ticket's id, when the list or the QR code told it. */
  ticket: string | null;
  shown: Shown;
  gate: string;
  /** When, by the server's clock as far as it is known; RFC 3339. */
  at: string;
  /** Times that we tried to tell the server: a lost answer may have arrived. */
  tries: number;
  /** What the server made of it; null while it has not said. */
  result: EntryResult | null;
  /** When it said so, in milliseconds since 1970 by the server's clock. */
  settled_at: number | null;
  isUndone: boolean;
  /** The server knows that it was taken back. */
  isUndoTold: boolean;
}

/** What became of an entry. `rejected`: the server could not read it. */
export interface EntryResult {
  result: "admitted" | "already-used" | "ticket-invalid" | "undone" | "rejected";
  reason: string | null;
  first_used_at: string | null;
  gate: string | null;
}

export const admittedResult: EntryResult = { result: "admitted", reason: null, first_used_at: null, gate: null };

/** What is still to be told to the server about an entry. */
export function workOf(entry: Entry): "report" | "undo" | null {
  if (entry.result === null) {
    // Taken back before anybody heard of it: nothing happened.
    return entry.isUndone && entry.tries === 0 ? null : "report";
  }
  return entry.isUndone && !entry.isUndoTold && entry.result.result === "admitted" ? "undo" : null;
}

/** How many entries the server does not know in full. */
export const countUnsynced = (entries: readonly Entry[]): number =>
  entries.reduce((sum, entry) => (workOf(entry) === null ? sum : sum + 1), 0);

/** The next entries to report, the oldest first. */
export const nextReport = (entries: readonly Entry[], most: number): Entry[] =>
  entries
    .filter((entry) => workOf(entry) === "report")
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .slice(0, most);

/** An entry with what the server said of it. */
export function settle(entry: Entry, settled: Settled, now_ms: number): Entry {
  const known = ["admitted", "already-used", "ticket-invalid", "undone"] as const;
  const result = known.find((each) => each === settled.result) ?? "rejected";
  return {
    ...entry,
    settled_at: now_ms,
    isUndone: entry.isUndone || result === "undone",
    isUndoTold: entry.isUndoTold || result === "undone",
    result: {
      result,
      reason: settled.reason ?? null,
      first_used_at: settled.first_used_at ?? null,
      gate: settled.gate ?? null,
    },
  };
}

/** Is this one of those that somebody must look into: let in here, and the server says they should not have been? */
export const isConflict = (entry: Entry): boolean =>
  !entry.isUndone && entry.result !== null && entry.result.result !== "admitted";

/** Does this entry, to this scanner's knowledge, keep its ticket from being used again? */
export function stands(entry: Entry, listAsOf_ms: number): boolean {
  if (entry.isUndone) return false;
  if (entry.result === null) return true;
  // Later lists know it themselves, and also that somebody else took it back.
  return entry.result.result === "admitted" && (entry.settled_at ?? 0) >= listAsOf_ms;
}

const firstPause_ms = 1_000;
const longestPause_ms = 60_000;

/**
 * How long to wait before the next try after `failures` of them: doubling up to a minute, and between half and all of
 * that by `random` (0 to 1), so that the scanners of a door do not all come back at once.
 */
export function pauseAfter(failures: number, random: number): number {
  const whole = Math.min(longestPause_ms, firstPause_ms * 2 ** Math.max(0, failures - 1));
  return Math.round(whole * (0.5 + random / 2));
}

/** How long a list of this size stays good: 20 s for small ones, up to five minutes, so that scanners don't flood the server. */
export const refreshPause = (size: number): number => Math.min(300_000, Math.max(20_000, size * 10));
