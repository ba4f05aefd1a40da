import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/client";
import type { Attendee, EventCard, EventStats, LayoutPlan, NewEvent, Room, Venue } from "../api/types";

/** The organiser's own events, drafts and cancelled ones too. */
export const myEventsQuery = () =>
  queryOptions({
    queryKey: ["organise", "events"],
    queryFn: ({ signal }) =>
      request<EventCard[]>("GET", "/api/v1/events", {
        query: { mine: true, limit: 100 },
        signal,
      }),
  });

export const venuesQuery = () =>
  queryOptions({
    queryKey: ["organise", "venues"],
    queryFn: ({ signal }) => request<Venue[]>("GET", "/api/v1/venues", { signal }),
    staleTime: 60_000,
  });

export const layoutQuery = (layout: number) =>
  queryOptions({
    queryKey: ["organise", "layout", layout],
    queryFn: ({ signal }) =>
      request<LayoutPlan>("GET", "/api/v1/layouts/{id}", {
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
      request<EventStats>("GET", "/api/v1/events/{id}/stats", {
        path: { id: event },
        signal,
      }),
    refetchInterval: statsPollMs,
  });

export const attendeesQuery = (event: number) =>
  queryOptions({
    queryKey: ["organise", "attendees", event],
    queryFn: ({ signal }) =>
      request<Attendee[]>("GET", "/api/v1/events/{id}/attendees", {
        path: { id: event },
        signal,
      }),
  });

export const createEvent = (event: NewEvent, key: string): Promise<EventCard> =>
  request("POST", "/api/v1/events", { body: event, idempotencyKey: key });

export type EventAct = "publish" | "cancel" | "clone";

export const actOnEvent = (event: number, act: EventAct): Promise<EventCard> =>
  request("POST", `/api/v1/events/{id}/${act}`, { path: { id: event } });

const roomPollMs = 2_000;

export const roomsQuery = () =>
  queryOptions({
    queryKey: ["organise", "rooms"],
    queryFn: ({ signal }) => request<Room[]>("GET", "/api/v1/admin/rooms", { signal }),
    refetchInterval: roomPollMs,
  });

export type RoomAct = "open" | "pause" | "resume" | "drain" | "close" | "bypass";

export const actOnRoom = (room: string, act: RoomAct): Promise<Room> =>
  request("POST", `/api/v1/admin/rooms/{room}/${act}`, { path: { room } });

/** Changes how fast and how many people a room admits; all else of the room stays. */
export const changeRoom = (
  room: Room,
  change: Partial<Pick<Room, "rate_per_minute" | "cap" | "message">>,
): Promise<Room> => {
  const {
    name,
    event,
    opens_at,
    closes_at,
    rate_per_minute,
    cap,
    claim_window_s,
    session_length_s,
    booking_url,
    message,
  } = room;
  return request("PUT", "/api/v1/admin/rooms/{room}", {
    path: { room: room.id },
    body: {
      ...{
        name,
        event,
        opens_at,
        closes_at,
        rate_per_minute,
        cap,
        claim_window_s,
        session_length_s,
        booking_url,
        message,
      },
      ...change,
    },
  });
};
