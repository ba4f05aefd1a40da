import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { request } from "../../api/client";
import type { NewCodes, Room, RoomSettings } from "../../api/rooms";
import { type RoomAct, settingsOf } from "./rules";

/** The line is looked at each second: that is how fast it moves. */
const lookMs = 1_000;

export const roomsQuery = () =>
  queryOptions({
    queryKey: ["organise", "rooms"],
    queryFn: ({ signal }) => request("GET", "/api/v1/admin/rooms", { signal }),
    refetchInterval: lookMs,
  });

export const roomQuery = (room: string) =>
  queryOptions({
    queryKey: ["organise", "room", room],
    queryFn: ({ signal }) => request("GET", "/api/v1/admin/rooms/{room}", { path: { room }, signal }),
    refetchInterval: lookMs,
  });

export const actOnRoom = (room: string, act: RoomAct): Promise<Room> =>
  request("POST", `/api/v1/admin/rooms/{room}/${act}`, { path: { room } });

/** Changes some settings; all else of the room stays as it was last seen. */
export const changeRoom = (room: Room, change: Partial<RoomSettings>): Promise<Room> =>
  request("PUT", "/api/v1/admin/rooms/{room}", { path: { room: room.id }, body: { ...settingsOf(room), ...change } });

export const createRoom = (id: string, settings: RoomSettings): Promise<Room> =>
  request("PUT", "/api/v1/admin/rooms/{room}", { path: { room: id }, body: settings });

/** Takes a place out of the line or the shop. */
export const revokePlace = (room: string, place: string): Promise<undefined> =>
  request("POST", "/api/v1/admin/rooms/{room}/revoke", { path: { room }, body: { place } });

/** Codes of one page of the list. */
const codesPage = 100;

export const codesQuery = (room: string) =>
  infiniteQueryOptions({
    queryKey: ["organise", "codes", room],
    queryFn: ({ pageParam, signal }) =>
      request("GET", "/api/v1/admin/rooms/{room}/codes", { path: { room }, query: { after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.length === codesPage ? page[page.length - 1]?.id : undefined),
  });

export const createCodes = (room: string, codes: NewCodes): Promise<{ codes: string[]; added: number }> =>
  request("POST", "/api/v1/admin/rooms/{room}/codes", { path: { room }, body: codes });

export const revokeCode = (room: string, code: string): Promise<undefined> =>
  request("DELETE", "/api/v1/admin/rooms/{room}/codes/{code}", { path: { room, code } });
