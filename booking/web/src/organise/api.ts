import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/client";
import type { EventDetail, NewEvent } from "../api/types";

/** The organiser's own events, drafts and cancelled ones too. */
export const myEventsQuery = () =>
  queryOptions({
    queryKey: ["organise", "events"],
    queryFn: ({ signal }) =>
      request("GET", "/api/v1/events", {
        query: { mine: true, limit: 100 },
        signal,
      }),
  });

export const venuesQuery = () =>
  queryOptions({
    queryKey: ["organise", "venues"],
    queryFn: ({ signal }) => request("GET", "/api/v1/venues", { signal }),
    staleTime: 60_000,
  });

export const layoutQuery = (layout: number) =>
  queryOptions({
    queryKey: ["organise", "layout", layout],
    queryFn: ({ signal }) =>
      request("GET", "/api/v1/layouts/{id}", {
        path: { id: layout },
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
  });

const statsPollMs = 3_000;

export const statsQuery = (event: number) =>
  queryOptions({
    queryKey: ["organise", "stats", event],
    queryFn: ({ signal }) =>
      request("GET", "/api/v1/events/{id}/stats", {
        path: { id: event },
        signal,
      }),
    refetchInterval: statsPollMs,
  });

export const attendeesQuery = (event: number) =>
  queryOptions({
    queryKey: ["organise", "attendees", event],
    queryFn: ({ signal }) =>
      request("GET", "/api/v1/events/{id}/attendees", {
        path: { id: event },
        signal,
      }),
  });

export const createEvent = (event: NewEvent, key: string): Promise<EventDetail> =>
  request("POST", "/api/v1/events", { body: event, idempotencyKey: key });

/** Puts a waiting room before an event's sale. */
export const guardEvent = (event: number, room: string): Promise<EventDetail> =>
  request("PATCH", "/api/v1/events/{id}", { path: { id: event }, body: { room } });

export type EventAct = "publish" | "cancel" | "clone";

export const actOnEvent = (event: number, act: EventAct): Promise<EventDetail> =>
  request("POST", `/api/v1/events/{id}/${act}`, { path: { id: event } });
