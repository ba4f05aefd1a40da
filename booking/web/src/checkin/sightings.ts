/** How long a code must be out of view before it counts as shown again. */
const away_ms = 3_000;

/** Tells a code that comes into view from one that is held there. */
export class Sightings {
  #text = "";
  #seen_ms = 0;

  /** Is this code shown anew? */
  isNew(text: string, now_ms: number): boolean {
    const held = text === this.#text && now_ms - this.#seen_ms < away_ms;
    this.#text = text;
    this.#seen_ms = now_ms;
    return !held;
  }

  /** The camera looks again after a break; what it saw last may still be in front of it. */
  resume(now_ms: number): void {
    this.#seen_ms = now_ms;
  }
}
