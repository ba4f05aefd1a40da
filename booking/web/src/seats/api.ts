import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/client";
import type { Hold, HoldRequest, SeatDelta, SeatSnapshot } from "../api/types";

/** The seats as they were when the page opened; what changes afterwards comes by the live feed. */
export const seatsQuery = (session: number) =>
  queryOptions({
    queryKey: ["seats", session],
    queryFn: ({ signal }) =>
      request<SeatSnapshot>("GET", "/api/v1/sessions/{id}/seats", {
        path: { id: session },
        signal,
      }),
    // A page that comes back must start from the present, and the live feed keeps it there.
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

/** What changed since a version: a delta, or all seats if the server no longer knows that version. */
export const changesSince = (session: number, version: number): Promise<SeatDelta | SeatSnapshot> =>
  request("GET", "/api/v1/sessions/{id}/seats", {
    path: { id: session },
    query: { since: version },
  });

/** The stream first sends what changed since a version, then every change. */
export const streamAddress = (session: number, since: number): string =>
  `/api/v1/sessions/${session}/seats/stream?since=${since}`;

/** Locks seats for this shopper; the key makes a repeat after a lost answer give the same hold. */
export const createHold = (session: number, wanted: HoldRequest, room: string | null, key: string): Promise<Hold> =>
  request("POST", "/api/v1/sessions/{id}/holds", {
    path: { id: session },
    body: wanted,
    room,
    idempotencyKey: key,
  });

export const holdQuery = (id: string) =>
  queryOptions({
    queryKey: ["hold", id],
    queryFn: ({ signal }) => request<Hold>("GET", "/api/v1/holds/{id}", { path: { id }, signal }),
    staleTime: 15_000,
  });

export const extendHold = (id: string, key: string): Promise<Hold> =>
  request("POST", "/api/v1/holds/{id}/extend", {
    path: { id },
    idempotencyKey: key,
  });

export const releaseHold = (id: string): Promise<void> => request("DELETE", "/api/v1/holds/{id}", { path: { id } });
