import { request, requestPage } from "../api/client";
import { asProblem, type Problem } from "../api/problem";
import type { Admitted, Door, DoorCounts, ListedTicket, Settled, TakenAlong } from "../api/types";
import type { Entry } from "./entries";
import { keysOf, type TicketKey } from "./keys";

/** Longest that somebody at the door waits for the server; then the scanner decides by itself. */
const patience_ms = 2_500;
/** Longest wait of what runs behind the scenes: a network that swallows everything counts as none. */
const quiet_ms = 15_000;
const page = 1_000;

const within = (ms: number): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(ms) });

export const fetchDoors = (): Promise<Door[]> => request("GET", "/api/v1/checkins/doors", within(quiet_ms));

export const fetchKeys = async (): Promise<TicketKey[]> =>
  keysOf(await request("GET", "/api/v1/tickets/jwks.json", within(quiet_ms)));

export const fetchAlong = (session: number): Promise<TakenAlong> =>
  request("GET", "/api/v1/sessions/{id}/checkins/offline", { path: { id: session }, ...within(quiet_ms) });

export const fetchCounts = (session: number): Promise<DoorCounts> =>
  request("GET", "/api/v1/sessions/{id}/checkins", { path: { id: session }, ...within(quiet_ms) });

/** The tickets issued after the last known one, in pages as they come. */
export async function* fetchTickets(session: number, last: string | null): AsyncGenerator<ListedTicket[]> {
  let cursor = last;
  do {
    const { items, next } = await requestPage("/api/v1/sessions/{id}/checkins/tickets", {
      path: { id: session },
      query: { cursor, limit: page },
      ...within(quiet_ms),
    });
    yield items;
    cursor = next;
  } while (cursor !== null);
}

/** Lets somebody in, now; gives up in time, even where a renewal of the account hangs. */
export const checkIn = ({ id, shown, gate, session }: Entry): Promise<Admitted> => {
  const { signal } = within(patience_ms);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new DOMException("No answer in time", "TimeoutError")));
  });
  return Promise.race([request("POST", "/api/v1/checkins", { body: { id, ...shown, gate, session }, signal }), late]);
};

export const undoCheckIn = (id: string): Promise<unknown> =>
  request("POST", "/api/v1/checkins/{id}/undo", { path: { id }, ...within(quiet_ms) });

/** Reports entries made without a network; safe to repeat. */
export const report = (entries: readonly Entry[]): Promise<Settled[]> =>
  request("POST", "/api/v1/checkins/offline", {
    body: { entries: entries.map(({ id, at, shown, gate, session }) => ({ id, at, ...shown, gate, session })) },
    ...within(quiet_ms),
  });

/** How a call failed, for somebody who can go on without it. */
export type Failure = { kind: "unreachable" } | { kind: "signed-out" } | { kind: "refused"; problem: Problem };

/** A server that is slow, busy or gone is one we can't reach; only a refusal is an answer. */
export function failureOf(error: unknown): Failure {
  if (error instanceof DOMException) return { kind: "unreachable" };
  const problem = asProblem(error);
  if (problem.status === 401) return { kind: "signed-out" };
  const passing = problem.status === 0 || problem.status >= 500 || problem.status === 429 || problem.status === 408;
  return passing ? { kind: "unreachable" } : { kind: "refused", problem };
}
