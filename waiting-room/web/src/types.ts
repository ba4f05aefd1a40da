/** What the waiting room answers with. Instants are RFC 3339, durations end in `_s`. */

export type RoomState = "scheduled" | "lobby" | "open" | "paused" | "draining" | "closed" | "bypass";
export type PlaceState = "lobby" | "waiting" | "called" | "admitted" | "left" | "expired" | "moved";

/** `GET /api/v1/rooms/{room}`: the fields this page reads. */
export interface Room {
  name: string;
  state: RoomState;
  opens_at: string | null;
  message: string | null;
  serving: number;
  server_time: string;
  retry_after_s: number;
  /** For how long a called visitor may put her turn off. */
  deferral_s: number;
  /** Joining takes an account of the shop. */
  one_per_account: boolean;
  /** Where an admitted visitor goes: our shop, if accounts matter. */
  booking_url: string;
}

/** The place document: the same by WebSocket frame, SSE event and polling. */
export interface Place {
  state: PlaceState;
  number: number;
  /** 1 means next; 0 when called, admitted or over. */
  position: number;
  ahead: number;
  eta: Eta | null;
  serving: number;
  message: string | null;
  claim_by: string | null;
  retry_after_s: number;
  paused: boolean;
  room_state: RoomState;
  waiting_behind: number;
  /** The turn was claimed while the shop was full: this place goes in next. */
  at_door: boolean;
  /** The turn may be put off, once. */
  can_defer: boolean;
  /** The turn was put off: it comes again then, or is taken before. */
  deferred_until: string | null;
  joined_at: string;
  server_time: string;
}

/** The wait from now, as an interval. */
export interface Eta {
  low_s: number;
  high_s: number;
}

/** What a join costs: `POST …/places` is answered with it (428) where joins from one network are many. */
export interface Work {
  challenge: string;
  /** Leading zero bits asked for. */
  bits: number;
  /** Whoever waits so long instead need not work. */
  wait_s: number;
}

/** The code that moves a place to another device. */
export interface Handover {
  /** Address to open there. */
  url: string;
  /** The same as a picture, a `data:` address. */
  qr: string;
  expires_at: string;
}

/** The answer to claiming a turn. */
export interface Admission {
  admission_token: string;
  booking_url: string;
}
