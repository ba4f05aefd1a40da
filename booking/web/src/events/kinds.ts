import { say } from "./words";

/** Kinds of events that have a name in each language; organisers may use others. */
export const kinds = ["concert", "festival", "sports", "theatre", "comedy", "conference", "movie", "other"] as const;

const isKnown = (kind: string): kind is (typeof kinds)[number] => (kinds as readonly string[]).includes(kind);

/** How a kind is called; one we have no word for as the organiser wrote it. */
export const kindName = (kind: string): string =>
  isKnown(kind) ? say(kind) : kind.charAt(0).toUpperCase() + kind.slice(1);
