/** The waiting room's administration, which another service describes: as much of it as the console uses. */

export type RoomState = "scheduled" | "lobby" | "open" | "paused" | "draining" | "closed" | "bypass";

export interface RoomSettings {
  name: string;
  event: string | null;
  lobby_at: string | null;
  opens_at: string | null;
  closes_at: string | null;
  rate_per_minute: number;
  cap: number;
  claim_window_s: number;
  session_length_s: number;
  booking_url: string;
  message: string | null;
}

/** A waiting room as its operators see it. */
export interface Room extends RoomSettings {
  id: string;
  state: RoomState;
  waiting: number;
  serving: number;
  admitted: number;
}

/** What everybody may know of a room. */
export interface PublicRoom {
  /** Joining takes an account of the shop. */
  one_per_account: boolean;
}

interface Reads<Answer> {
  responses: { 200: { content: { "application/json": Answer } } };
}

interface Acts<Body, Answer> extends Reads<Answer> {
  requestBody: { content: { "application/json": Body } };
}

interface Act {
  post: Acts<undefined, Room>;
}

/** The same form as the generated `paths`. */
export interface RoomPaths {
  "/api/v1/rooms/{room}": { get: Reads<PublicRoom> };
  "/api/v1/admin/rooms": { get: Reads<Room[]> };
  "/api/v1/admin/rooms/{room}": { put: Acts<RoomSettings, Room> };
  "/api/v1/admin/rooms/{room}/open": Act;
  "/api/v1/admin/rooms/{room}/pause": Act;
  "/api/v1/admin/rooms/{room}/resume": Act;
  "/api/v1/admin/rooms/{room}/drain": Act;
  "/api/v1/admin/rooms/{room}/close": Act;
  "/api/v1/admin/rooms/{room}/bypass": Act;
}
