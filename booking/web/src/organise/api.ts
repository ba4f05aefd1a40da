import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/client";
import type { Room, RoomSettings } from "../api/rooms";
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

export type EventAct = "publish" | "cancel" | "clone";

export const actOnEvent = (event: number, act: EventAct): Promise<EventDetail> =>
  request("POST", `/api/v1/events/{id}/${act}`, { path: { id: event } });

const roomPollMs = 2_000;

export const roomsQuery = () =>
  queryOptions({
    queryKey: ["organise", "rooms"],
    queryFn: ({ signal }) => request("GET", "/api/v1/admin/rooms", { signal }),
    refetchInterval: roomPollMs,
  });

export type RoomAct = "open" | "pause" | "resume" | "drain" | "close" | "bypass";

export const actOnRoom = (room: string, act: RoomAct): Promise<Room> =>
  request("POST", `/api/v1/admin/rooms/{room}/${act}`, { path: { room } });

/** Changes how fast and how many people a room admits; all else of the room stays. */
export function changeRoom(room: Room, change: Partial<RoomSettings>): Promise<Room> {
  const { name, event, lobby_at, opens_at, closes_at, claim_window_s, session_length_s, booking_url, message } = room;
  const { rate_per_minute, cap } = room;
  const schedule = { lobby_at, opens_at, closes_at };
  const pace = { rate_per_minute, cap, claim_window_s, session_length_s };
  const body: RoomSettings = { name, event, booking_url, message, ...schedule, ...pace, ...change };
  return request("PUT", "/api/v1/admin/rooms/{room}", { path: { room: room.id }, body });
}
