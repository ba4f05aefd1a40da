import type { Admission, Place, Room, Work } from "./types";

/** An answer that was not 2xx, or none at all (`status` 0). */
export class Refusal {
  constructor(
    readonly status: number,
    /** Of `Retry-After`, in seconds; 0 without one. */
    readonly retry_after_s: number,
    /** The problem document, or an empty object. */
    readonly problem: { type?: string; detail?: string; place?: Place; work?: Work; captcha_page?: string },
  ) {}
}

/** The calls about one room. Each resolves to its document or rejects with a `Refusal`. */
export class Api {
  readonly base: string;

  constructor(room: string) {
    this.base = `/api/v1/rooms/${room}`;
  }

  room = () => this.ask<Room>("GET", "");
  join = (wish: object) => this.ask<{ place: Place }>("POST", "/places", wish).then((answer) => answer.place);
  place = () => this.ask<Place>("GET", "/places/me");
  /** Takes over the place that another device hands over. */
  take = (token: string) => this.ask<{ place: Place }>("POST", "/handovers", { token }).then((answer) => answer.place);
  leave = () => this.ask<null>("DELETE", "/places/me");
  /** Puts the turn off. */
  defer = () => this.ask<Place>("POST", "/places/me/deferral");
  claim = () => this.ask<Admission>("POST", "/places/me/admission");

  ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    let answer: Response;
    try {
      answer = await fetch(this.base + path, {
        method,
        cache: "no-store",
        signal: AbortSignal.timeout?.(15_000),
        ...(body !== undefined && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
      });
    } catch {
      throw new Refusal(0, 0, {});
    }
    const document = await answer.json().catch(() => null);
    if (answer.ok) return document;
    throw new Refusal(answer.status, Number(answer.headers.get("Retry-After")) || 0, document ?? {});
  };
}
