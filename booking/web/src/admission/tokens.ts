/**
 * Admission tokens handed over by the queue page in the address's fragment, kept for this tab, one a room.
 * The server alone judges them; what is read here is only for showing the time left.
 */

const keyOf = (room: string) => `rushline.admission.${room}`;

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
  sessionStorage.setItem(keyOf(handed.room), handed.token);
  window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
}

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
  const payload = token.split(".")[1];
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/")));
    const exp = typeof claims === "object" && claims !== null && "exp" in claims ? claims.exp : null;
    return typeof exp === "number" ? exp * 1000 : null;
  } catch {
    return null;
  }
}

/** Does the tab hold a token for the room that hasn't ended yet? */
export function isAdmitted(room: string, nowMs: number): boolean {
  const ends = admissionEndsMs(room);
  return admissionHeader(room) !== null && (ends === null || ends > nowMs);
}
