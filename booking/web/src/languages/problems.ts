import { translation } from "./current";

/** Refusals that fans meet (docs/problems.md). The server says them in English; other languages have words of their own. */
export const knownProblems = [
  "not-open-yet",
  "sale-ended",
  "no-renewal",
  "turn-missed",
  "admission-over",
  "queue-required",
  "invalid-token",
  "admission-expired",
  "admission-revoked",
  "admission-not-yours",
  "admission-used",
  "seat-taken",
  "not-enough-tickets",
  "limit-reached",
  "sale-not-open",
  "event-cancelled",
  "too-many-seats",
  "hold-expired",
  "wrong-state",
  "card-invalid",
  "payment-failed",
  "in-progress",
  "ticket-used",
  "too-late",
  "ticket-dead",
  "own-ticket",
  "transfer-open",
  "transfer-over",
  "login-required",
  "login-failed",
  "session-revoked",
  "wrong-password",
  "not-allowed",
  "email-unverified",
  "totp-required",
  "totp-wrong",
  "totp-on",
  "promo-applied",
  "address-taken",
  "link-expired",
  "email-invalid",
  "phone-invalid",
  "code-wrong",
  "code-over",
  "password-length",
  "slow-down",
  "validation",
  "not-found",
] as const;

export type KnownProblem = (typeof knownProblems)[number];

const isKnown = (slug: string): slug is KnownProblem => (knownProblems as readonly string[]).includes(slug);

/** Title and advice of a refusal in the reader's language, or null where the server's English is all there is. */
export const problemWords = (slug: string): readonly [title: string, detail: string] | null =>
  isKnown(slug) ? (translation()?.problems[slug] ?? null) : null;
