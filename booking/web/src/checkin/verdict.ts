import type { Problem } from "../api/problem";
import type { ListedTicket } from "../api/types";
import { placeText } from "../seats/place";
import { timeText } from "../ui/time";
import type { FirstEntry, Reason } from "./book";

/** Green lets in, yellow asks a person to decide, red refuses. */
export type Light = "green" | "yellow" | "red";

/** What the person at the gate must see. */
export interface Verdict {
  light: Light;
  /** Two words at most, read from an arm's length. */
  word: string;
  /** Why, and what to do. */
  reason: string;
  /** Whose ticket, and where to. */
  holder: string | null;
  place: string | null;
  /** What was shown, for reading it out: the code where it is known. */
  code: string;
  /** The entry made, to take it back; null when nobody was let in. */
  entry: string | null;
  /** Decided without the server. */
  isLocal: boolean;
}

type Subject = Pick<Verdict, "code" | "holder" | "place" | "isLocal">;

/** Whom a verdict speaks of. */
export const subject = (ticket: ListedTicket | null, shown: string, isLocal: boolean): Subject => ({
  code: ticket?.code ?? (shown.length > 24 ? "" : shown),
  holder: ticket?.holder_name ?? null,
  place: ticket === null ? null : [placeText(ticket), ticket.ticket_type].filter(Boolean).join(" · "),
  isLocal,
});

export const admitted = (whom: Subject, entry: string): Verdict => ({
  ...whom,
  light: "green",
  word: "Welcome",
  reason: "",
  entry,
});

export const inside = (whom: Subject, first: FirstEntry, now_ms: number): Verdict => ({
  ...whom,
  light: "yellow",
  word: "Already in",
  reason: `Came in at ${firstText(first, now_ms)}. Look at the person and decide.`,
  entry: null,
});

/** `19:02, gate North, 3 min ago`. */
export function firstText({ at, gate }: FirstEntry, now_ms: number): string {
  const minutes = Math.floor((now_ms - Date.parse(at)) / 60_000);
  const ago = minutes < 1 ? "just now" : minutes < 90 ? `${minutes} min ago` : "";
  return [timeText(at, minutes > 720 ? "both" : "time"), gate && `gate ${gate}`, ago].filter(Boolean).join(", ");
}

const refusals: Record<Reason, { word: string; reason: string }> = {
  unknown: { word: "Unknown", reason: "There is no such ticket. Compare the code letter by letter." },
  forged: {
    word: "Not genuine",
    reason: "This code was not made by us, or it was altered. Don't let anyone in with it.",
  },
  cancelled: {
    word: "Cancelled",
    reason: "This ticket was cancelled and no longer admits. Send them to the box office.",
  },
  transferred: { word: "Passed on", reason: "Somebody else holds this place now. Ask for the new ticket." },
  reissued: { word: "Old ticket", reason: "A newer ticket was issued for this place. Ask for the newest one." },
  "wrong-session": { word: "Other show", reason: "This ticket is for another performance." },
  "wrong-event": { word: "Other event", reason: "This ticket is for another organiser's event." },
};

const isReason = (text: string | null): text is Reason => text !== null && text in refusals;

/** The plain words of a reason code. */
export const reasonText = (code: string | null): string =>
  isReason(code) ? refusals[code].reason : "This ticket does not admit.";

/** `elsewhere` names the performance that the ticket is for, where it is known. */
export function refused(whom: Subject, code: string | null, elsewhere: string | null = null): Verdict {
  const known = isReason(code) ? refusals[code] : { word: "No entry", reason: reasonText(code) };
  const reason = elsewhere === null ? known.reason : `This ticket is for ${elsewhere}.`;
  return { ...whom, light: "red", word: known.word, reason, entry: null };
}

/** A typed code that the list taken along does not have. */
export const unlisted = (whom: Subject): Verdict => ({
  ...whom,
  light: "yellow",
  word: "Not on the list",
  reason: "Without a network only its QR code can prove this ticket. Scan that, or search by name.",
  entry: null,
});

/** The entry could not be written down, so that nobody could tell the server of it. */
export const unwritten = (whom: Subject): Verdict => ({
  ...whom,
  light: "yellow",
  word: "Not noted",
  reason: "This device could not store the entry. Free some space, reload the page, and scan again.",
  entry: null,
});

/** The server's refusal. */
export function refusedBy(whom: Subject, problem: Problem, now_ms: number): Verdict {
  const at = problem.text("first_used_at");
  if (problem.slug === "already-used" && at !== null) {
    return inside(whom, { at, gate: problem.text("gate") ?? "" }, now_ms);
  }
  if (problem.slug === "ticket-invalid") return refused(whom, problem.text("reason"));
  const reason =
    problem.status === 403 ? "Your account may not check tickets in here. Ask the organiser." : problem.message;
  return { ...whom, light: "red", word: "Not checked", reason, entry: null };
}
