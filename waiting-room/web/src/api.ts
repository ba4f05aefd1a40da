import type { Admission, Place, Room } from "./types";

/** An answer that was not 2xx, or none at all (`status` 0). */
export class Refusal {
  constructor(
    readonly status: number,
    /** Of `Retry-After`, in seconds; 0 without one. */
    readonly retry_after_s: number,
    /** The problem document, or an empty object. */
    readonly problem: { detail?: string; place?: Place },
  ) {}
}

/** The calls about one room. Each resolves to its document or rejects with a `Refusal`. */
export class Api {
  readonly base: string;

  constructor(room: string) {
    this.base = `/api/v1/rooms/${room}`;
  }

  room = () => this.#call<Room>("GET", "");
  join = () => this.#call<{ place: Place }>("POST", "/places").then((answer) => answer.place);
  place = () => this.#call<Place>("GET", "/places/me");
  leave = () => this.#call<null>("DELETE", "/places/me");
  claim = () => this.#call<Admission>("POST", "/places/me/admission");

  async #call<T>(method: string, path: string): Promise<T> {
    let answer: Response;
    try {
      answer = await fetch(this.base + path, {
        method,
        cache: "no-store",
        signal: AbortSignal.timeout?.(15_000),
        ...(path === "/places" && { body: "{}", headers: { "Content-Type": "application/json" } }),
      });
    } catch {
      throw new Refusal(0, 0, {});
    }
    const body = await answer.json().catch(() => null);
    if (answer.ok) return body;
    throw new Refusal(answer.status, Number(answer.headers.get("Retry-After")) || 0, body ?? {});
  }
}
