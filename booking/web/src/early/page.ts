import { addressOf } from "../api/address";
import { upcoming } from "../events/bounds";

/** The pages that are opened most: their parts and data are asked for before the shop's own scripts have arrived. */
export interface EarlyPage {
  name: "home" | "event" | "session";
  /** Of the event or session; empty at home. */
  id: string;
}

/** The early page at a path, or null where there is none. */
export function pageOf(path: string): EarlyPage | null {
  if (path === "/") return { name: "home", id: "" };
  const named = path.match(/^\/(event|session)s\/(\d+)$/);
  return named ? { name: named[1] as "event" | "session", id: named[2]! } : null;
}

/** What the page asks the API for when it starts, letter by letter; what its head shows comes first. */
export function addressesOf({ name, id }: EarlyPage): [string, ...string[]] {
  if (name === "home") return [addressOf("/api/v1/events", { query: upcoming() })];
  if (name === "event") return [addressOf("/api/v1/events/{id}", { path: { id } })];
  return [
    addressOf("/api/v1/sessions/{id}", { path: { id } }),
    addressOf("/api/v1/sessions/{session}/seats", { path: { session: id } }),
  ];
}
