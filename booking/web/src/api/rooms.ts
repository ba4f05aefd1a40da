/** The waiting room's administration, which another service describes: as much of it as the pages use. */

export type RoomState =
  "scheduled" | "lobby" | "drawing" | "open" | "paused" | "draining" | "closed" | "bypass" | "queue-all";

/** A priority class of a line. */
export interface Lane {
  name: string;
  weight: number;
  needs_code: boolean;
}

/** A room's own look; what is left out is Rushline's. Colours are `#rrggbb`. */
export interface Theme {
  name?: string | null;
  logo?: string | null;
  brand?: string | null;
  header?: string | null;
  text?: string | null;
}

/** What a join costs beside waiting. */
export interface Entry {
  work?: { bits: number; free: number } | null;
  captcha?: boolean;
}

/** How the outflow follows the shop's health; null where it does not. */
export interface Steering {
  rate_floor: number;
  rate_ceiling: number;
  p95_ms: number;
  failed_percent: number;
  stock_percent: number;
}

/** What an operator sets. Durations end in `_s`, instants are RFC 3339. */
export interface RoomSettings {
  name: string;
  event: string;
  lobby_at: string | null;
  opens_at: string | null;
  closes_at: string | null;
  rate_per_minute: number;
  cap: number;
  claim_window_s: number;
  session_length_s: number;
  booking_url: string;
  message: string | null;
  deferral_s: number;
  grace_s: number;
  idle_percent: number;
  one_per_account: boolean;
  lanes: Lane[] | null;
  theme: Theme;
  entry: Entry;
  draw: boolean;
  /** Known to servers that let visits be renewed. */
  renewals_max?: number;
  renewal_s?: number;
  /** Known to servers that steer. */
  steering?: Steering | null;
}

/** A waiting room as its operators see it. */
export interface Room extends RoomSettings {
  id: string;
  state: RoomState;
  waiting: number;
  /** Highest number called so far. */
  serving: number;
  /** People in the shop. */
  admitted: number;
  /** Called and not in the shop yet. */
  called: number;
  /** Of those, who stand at the door of a full shop. */
  at_door: number;
  totals: { joined: number; called: number; admitted: number; missed: number; left: number; departed: number };
  /** Pages that are being kept up to date by the node that was asked. */
  watchers: number;
  /** What is in force now, which differs from the settings where the room is steered. */
  pace?: { rate_per_minute: number; cap: number };
  server_time: string;
}

/** What everybody may know of a room. */
export interface PublicRoom {
  /** Joining takes an account of the shop. */
  one_per_account: boolean;
}

/** Access codes to be made: `count` to have them made up, or the `codes` themselves. */
export interface NewCodes {
  count?: number;
  codes?: string[];
  lane?: string;
  uses_max?: number;
  expires_at?: string | null;
  label?: string;
}

/** An access code in the list, without the code: that is shown once, when it is made. */
export interface AccessCode {
  id: string;
  label: string;
  lane: string;
  uses_max: number;
  uses: number;
  expires_at: string | null;
  revoked: boolean;
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
  "/api/v1/admin/rooms/{room}": { get: Reads<Room>; put: Acts<RoomSettings, Room> };
  "/api/v1/admin/rooms/{room}/open": Act;
  "/api/v1/admin/rooms/{room}/pause": Act;
  "/api/v1/admin/rooms/{room}/resume": Act;
  "/api/v1/admin/rooms/{room}/drain": Act;
  "/api/v1/admin/rooms/{room}/close": Act;
  "/api/v1/admin/rooms/{room}/bypass": Act;
  "/api/v1/admin/rooms/{room}/queue-all": Act;
  "/api/v1/admin/rooms/{room}/revoke": { post: Acts<{ place: string }, undefined> };
  "/api/v1/admin/rooms/{room}/codes": {
    get: Reads<AccessCode[]> & { parameters: { query?: { after?: string } } };
    post: Acts<NewCodes, { codes: string[]; added: number }>;
  };
  "/api/v1/admin/rooms/{room}/codes/{code}": { delete: Reads<undefined> };
}
