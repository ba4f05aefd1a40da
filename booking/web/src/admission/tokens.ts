/**
 * Admission tokens handed over by the queue page in the address's fragment, kept for this tab, one a room.
 * The server alone judges them; what is read here is only for showing the time left.
 */

const keyStart = "rushline.admission.";
const keyOf = (room: string) => keyStart + room;

/** Where to wait for a room's sale, coming back to the page the fan wanted. */
export const queueAddress = (room: string): string => `/queue/${encodeURIComponent(room)}`;

/** The token and room in `#admission=…&room=…`, or null. */
export function readFragment(fragment: string): { token: string; room: string } | null {
  const values = new URLSearchParams(fragment.replace(/^#/, ""));
  const token = values.get("admission");
  const room = values.get("room");
  return token && room ? { token, room } : null;
}

/** Keeps the token of the current address and removes it from the address bar and the history. */
export function takeFromAddress(): void {
  const handed = readFragment(window.location.hash);
  if (handed === null) return;
  keepAdmission(handed.room, handed.token);
  window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
}

/** Keeps a room's token in place of the one before. */
export const keepAdmission = (room: string, token: string): void => sessionStorage.setItem(keyOf(room), token);

/** The token to send for a room, or null if this tab holds none. */
export const admissionHeader = (room: string): string | null => sessionStorage.getItem(keyOf(room));

/** Forgets a token the server no longer takes. */
export const forgetAdmission = (room: string): void => sessionStorage.removeItem(keyOf(room));

/** When the token of a room ends, in milliseconds since 1970, or null without a readable token. */
export function admissionEndsMs(room: string): number | null {
  const token = admissionHeader(room);
  return token === null ? null : expiryOf(token);
}

/** The `exp` of a JWT in milliseconds, unverified, or null. */
export function expiryOf(token: string): number | null {
  const exp = claimsOf(token)["exp"];
  return typeof exp === "number" ? exp * 1000 : null;
}

/** The room that let this tab in to an event's sale, or null. */
export function roomOfEvent(event: number): string | null {
  const rooms = Object.keys(sessionStorage).filter((key) => key.startsWith(keyStart));
  const key = rooms.find((room) => claimsOf(sessionStorage.getItem(room) ?? "")["event"] === String(event));
  return key?.slice(keyStart.length) ?? null;
}

/** What a JWT says, unverified; nothing where it cannot be read. */
function claimsOf(token: string): Record<string, unknown> {
  try {
    const payload = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    return { ...(JSON.parse(atob(payload)) as object) };
  } catch {
    return {};
  }
}

/** Does the tab hold a token for the room that hasn't ended yet? */
export function isAdmitted(room: string, nowMs: number): boolean {
  const ends = admissionEndsMs(room);
  return admissionHeader(room) !== null && (ends === null || ends > nowMs);
}
