import type { ListedTicket, TakenAlong } from "../api/types";
import { placeText } from "../seats/place";
import { isQr, type Statement } from "./statement";

/** What a scanner knows of a performance: the tickets, which of them are dead, and who is inside. */
export interface Book {
  session: number;
  tickets: ReadonlyMap<string, ListedTicket>;
  /** Ids by code. */
  codes: ReadonlyMap<string, string>;
  /** Why a ticket no longer admits, by its id. */
  dead: ReadonlyMap<string, "cancelled" | "transferred">;
  /** First entries, by the ticket's id. */
  inside: Map<string, FirstEntry>;
}

export interface FirstEntry {
  /** RFC 3339. */
  at: string;
  gate: string;
}

/** Why a ticket does not admit: the API's codes. */
export type Reason = "unknown" | "forged" | "cancelled" | "transferred" | "reissued" | "wrong-session" | "wrong-event";

/** What was shown: exactly what the API wants to hear. */
export type Shown = { qr: string } | { code: string };

/** What a scanner without a network makes of what was shown. */
export type Decision =
  | { kind: "admit"; ticket: string }
  | { kind: "inside"; ticket: string; first: FirstEntry }
  | { kind: "refuse"; ticket: string | null; reason: Reason; session?: number }
  /** A typed code proves nothing by itself, and the list may be older than the ticket. */
  | { kind: "unlisted" };

/** Takes what a camera, a scanner or a person gave: one of our QR codes, a ticket code with or without its prefix. */
export function readShown(text: string): Shown {
  const trimmed = text.trim();
  if (isQr(trimmed)) return { qr: trimmed };
  const code = trimmed.toUpperCase().replace(/\s+/g, "");
  if (/^TCK-/.test(code)) return { code };
  return /^[A-Z0-9]{6,12}$/.test(code) ? { code: `TCK-${code}` } : { qr: trimmed };
}

/** Can this text be meant for checking in, rather than for searching? */
export const isShown = (text: string): boolean => isQr(text) || /^\s*TCK-\S+\s*$/i.test(text);

/** Decides by a QR code whose signature was verified (`genuine`), in the order in which the server asks. */
export function judgeQr(book: Book, statement: Statement | null, genuine: boolean): Decision {
  if (statement === null || !genuine) return { kind: "refuse", ticket: null, reason: "forged" };
  const { ticket, session } = statement;
  if (session !== book.session) return { kind: "refuse", ticket: null, reason: "wrong-session", session };
  return judge(book, ticket);
}

/** Decides by a typed code. */
export function judgeCode(book: Book, code: string): Decision {
  const ticket = book.codes.get(code);
  return ticket === undefined ? { kind: "unlisted" } : judge(book, ticket);
}

function judge(book: Book, ticket: string): Decision {
  const reason = book.dead.get(ticket);
  if (reason !== undefined) return { kind: "refuse", ticket, reason };
  const first = book.inside.get(ticket);
  return first === undefined ? { kind: "admit", ticket } : { kind: "inside", ticket, first };
}

/** The book from what the server gave and what this scanner did itself (`own`: entries that the server's list lacks). */
export function bookOf(
  tickets: readonly ListedTicket[],
  along: TakenAlong,
  own: readonly ({ ticket: string } & FirstEntry)[],
): Book {
  const inside = new Map<string, FirstEntry>();
  // Let out for a while, unless this scanner has let them in again since.
  const outside = new Set(along.outside);
  for (const { ticket, at, gate } of own) {
    if (!outside.has(ticket) || at > along.as_of) inside.set(ticket, { at, gate });
  }
  for (const { ticket, at, gate } of along.used) if (!outside.has(ticket)) inside.set(ticket, { at, gate });
  return {
    session: along.session,
    tickets: new Map(tickets.map((ticket) => [ticket.id, ticket])),
    codes: new Map(tickets.map((ticket) => [ticket.code, ticket.id])),
    dead: new Map(
      along.dead.map(({ ticket, reason }) => [ticket, reason === "transferred" ? "transferred" : "cancelled"]),
    ),
    inside,
  };
}

/** A ticket of the list as a person looks for it, folded: without case and accents. */
export interface Findable {
  ticket: ListedTicket;
  text: string;
}

const fold = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();

/** Prepares the list for searching, by name. */
export function findables(tickets: Iterable<ListedTicket>): Findable[] {
  return Array.from(tickets, (ticket) => ({
    ticket,
    text: ` ${fold([ticket.holder_name, ticket.reference, ticket.code, placeText(ticket), compactSeat(ticket), ticket.ticket_type].join(" "))}`,
  })).sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** `C12`, as people say it. */
const compactSeat = ({ row, label }: ListedTicket): string =>
  row && label && !label.startsWith(row) ? `${row}${label}` : (label ?? "");

/** Tickets in which each word of the query begins a word: of name, reference, code or seat. At most `most`. */
export function find(all: readonly Findable[], query: string, most: number): ListedTicket[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const found: ListedTicket[] = [];
  if (words.length === 0) return found;
  for (const { ticket, text } of all) {
    if (words.every((word) => text.includes(` ${word}`) || text.includes(`-${word}`))) {
      found.push(ticket);
      if (found.length === most) break;
    }
  }
  return found;
}
