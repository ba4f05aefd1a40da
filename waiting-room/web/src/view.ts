import type { Key } from "virtual:catalogue";
import type { Place, Room } from "./types";

/** What keeps the visitor from being in the line at all. */
export type Trouble = "unknown" | "cookies" | "error" | "closed" | "stale" | "foreign" | "working" | "account" | "taken";

/** Everything the page shows is decided from this. */
export interface Model {
  room: Room | null;
  place: Place | null;
  trouble: Trouble | null;
}

export type Name =
  | "joining" | "scheduled" | "lobby" | "waiting" | "paused" | "called" | "deferred" | "admitted"
  | "expired" | "left" | "moved" | "closed" | Trouble;

export interface View {
  name: Name;
  /** Message keys. */
  title: Key;
  text: Key | null;
  /** Show position, progress and facts. */
  standing: boolean;
  /** Count down to this instant. */
  until: string | null;
  /** The one thing to press. */
  action: { does: "enter" | "join" | "retry" | "wait" | "login" | "shop"; label: Key } | null;
  /** The turn can be put off. */
  deferrable: boolean;
  /** The place can be given up. */
  leavable: boolean;
  /** The sound and notification switches make sense. */
  alerts: boolean;
  /** A mail on one's turn makes sense. */
  mailable: boolean;
  draining: boolean;
}

/** The page's state: trouble first, then the place, then the room. */
export function nameOf({ room, place, trouble }: Model): Name {
  if (trouble) return trouble;
  if (!place) return room?.state === "scheduled" || room?.state === "closed" ? room.state : "joining";
  const before = place.state === "waiting" || place.state === "lobby" || place.state === "called";
  if (before && place.room_state === "closed") return "closed";
  if (place.state === "waiting" && place.deferred_until) return "deferred";
  if (place.state === "waiting" && (place.paused || place.room_state === "paused")) return "paused";
  return place.state;
}

/** What to show. */
export function viewOf(model: Model): View {
  const { place } = model;
  const name = nameOf(model);
  const inLine = name === "waiting" || name === "paused" || name === "lobby";
  // Before a draw nobody has a position.
  const standing = inLine && !!place?.position;
  const atDoor = name === "called" && !!place?.at_door;
  return {
    name,
    title: name,
    text: atDoor ? "paused_text" : textOf(name),
    standing,
    until: atDoor ? null : deadlineOf(name, model),
    action: atDoor ? null : actionOf(name, model),
    deferrable: name === "called" && !!place?.can_defer,
    leavable: inLine || name === "called" || name === "deferred",
    alerts: inLine || name === "deferred" || name === "scheduled" || name === "joining",
    mailable: inLine || name === "deferred",
    draining: standing && place?.room_state === "draining",
  };
}

function deadlineOf(name: Name, { room, place }: Model): string | null {
  switch (name) {
    case "called":
      return place?.claim_by ?? null;
    case "deferred":
      return place?.deferred_until ?? null;
    case "scheduled":
    case "lobby":
      return room?.opens_at ?? null;
    default:
      return null;
  }
}

function textOf(name: Name): Key | null {
  switch (name) {
    case "joining":
    case "admitted":
      return null;
    case "lobby":
      return "waiting_text";
    case "expired":
      return "left_text";
    default:
      return `${name}_text`;
  }
}

function actionOf(name: Name, { room }: Model): View["action"] {
  switch (name) {
    case "called":
    case "deferred":
    case "admitted":
      return { does: "enter", label: "go" };
    case "left":
    case "expired":
      return { does: "join", label: "join" };
    case "stale":
    case "foreign":
      return { does: "join", label: "join" };
    case "working":
      return { does: "wait", label: "patience" };
    case "closed":
      return room && { does: "shop", label: "go" };
    case "account":
      return { does: "login", label: "login" };
    case "taken":
    case "error":
    case "cookies":
      return { does: "retry", label: "retry" };
    default:
      return null;
  }
}
