import { problemWords } from "../languages/problems";
import { say } from "./words";

/** A refusal by the server, as RFC 9457 problem+json, or the network's failure to reach it. */
export class Problem extends Error {
  constructor(
    /** The last part of the problem's type, e.g. `seat-taken`; `offline` when no answer came. */
    readonly slug: string,
    /** HTTP status, 0 when no answer came. */
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    /** Refusals of single fields, by JSON pointer without the leading slash. */
    readonly fields: Record<string, string>,
    /** Every further member of the document. */
    readonly extra: Record<string, unknown>,
    readonly retryAfterSeconds: number | null,
  ) {
    super(detail || title);
    this.name = "Problem";
  }

  /** A list of ids carried by the problem (`taken`, `alternatives`), or an empty list. */
  ids(member: string): number[] {
    const value = this.extra[member];
    return Array.isArray(value) ? value.filter((id): id is number => typeof id === "number") : [];
  }

  /** A text carried by the problem, or null. */
  text(member: string): string | null {
    const value = this.extra[member];
    return typeof value === "string" ? value : null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads a failed answer, whatever its body is: an edge may answer with HTML. */
export function problemFrom(status: number, body: unknown, retryAfter: string | null): Problem {
  const document = isRecord(body) ? body : {};
  const text = (member: string) => (typeof document[member] === "string" ? (document[member] as string) : "");
  const slug = text("type").split("/").pop() || `http-${status}`;
  const fields: Record<string, string> = {};
  for (const error of Array.isArray(document["errors"]) ? document["errors"] : []) {
    if (isRecord(error) && typeof error["pointer"] === "string") {
      fields[error["pointer"].replace(/^#?\//, "")] = String(error["detail"] ?? error["code"] ?? "");
    }
  }
  const known = problemWords(slug);
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
  return new Problem(
    slug,
    status,
    known?.[0] ?? (text("title") || fallbackTitle(status)),
    known?.[1] ?? (text("detail") || text("error")),
    fields,
    document,
    Number.isFinite(seconds) ? seconds : null,
  );
}

/** What a reader sees when the server could not be reached at all. */
export const offline = () => new Problem("offline", 0, say("offline"), say("offlineText"), {}, {}, null);

/** The refusal behind any thrown value, so that pages need one case only. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem("unexpected", 0, say("unexpected"), say("unexpectedText"), {}, {}, null);
}

function fallbackTitle(status: number): string {
  if (status === 401) return say("signIn");
  if (status === 403) return say("notYours");
  if (status === 404) return say("notFound");
  if (status === 429) return say("tooMany");
  if (status >= 500) return say("trouble");
  return say("refused");
}
