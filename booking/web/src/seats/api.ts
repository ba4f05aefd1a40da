import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/client";
import type { Hold, HoldRequest, SeatDelta, SeatSnapshot, TicketType } from "../api/types";

/** The server renders seats by hand, for speed: their shape has no schema and is named in `api/types.ts`. */
const seats = (session: number, since?: number, signal?: AbortSignal): Promise<unknown> =>
  request("GET", "/api/v1/sessions/{session}/seats", { path: { session }, query: { since }, signal });

/** The seats as they were when the page opened; what changes afterwards comes by the live feed. */
export const seatsQuery = (session: number) =>
  queryOptions({
    queryKey: ["seats", session],
    queryFn: ({ signal }) => seats(session, undefined, signal) as Promise<SeatSnapshot>,
    // A page that comes back must start from the present, and the live feed keeps it there.
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

/** What changed since a version: a delta, or all seats if the server no longer knows that version. */
export const changesSince = (session: number, version: number): Promise<SeatDelta | SeatSnapshot> =>
  seats(session, version) as Promise<SeatDelta | SeatSnapshot>;

/** The stream first sends what changed since a version, then every change. */
export const streamAddress = (session: number, since: number): string =>
  `/api/v1/sessions/${session}/seats/stream?since=${since}`;

/** Locks seats for this shopper; the key makes a repeat after a lost answer give the same hold. */
export const createHold = (session: number, wanted: HoldRequest, room: string | null, key: string): Promise<Hold> =>
  request("POST", "/api/v1/sessions/{session}/holds", {
    path: { session },
    body: wanted,
    room,
    idempotencyKey: key,
  });

/** The hidden tickets that a code opens. Nothing is used up: the code goes with the hold once more. */
export const unlock = (session: number, code: string): Promise<{ code: string; ticket_types: TicketType[] }> =>
  request("POST", "/api/v1/sessions/{session}/unlock", { path: { session }, body: { code } });

export const holdQuery = (id: string) =>
  queryOptions({
    queryKey: ["hold", id],
    queryFn: ({ signal }) => request("GET", "/api/v1/holds/{hold}", { path: { hold: id }, signal }),
    staleTime: 15_000,
  });

export const extendHold = (id: string, key: string): Promise<Hold> =>
  request("POST", "/api/v1/holds/{hold}/extend", {
    path: { hold: id },
    idempotencyKey: key,
  });

export const releaseHold = (id: string): Promise<void> =>
  request("DELETE", "/api/v1/holds/{hold}", { path: { hold: id } });
