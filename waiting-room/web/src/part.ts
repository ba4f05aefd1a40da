import type { Key } from "virtual:catalogue";

/**
 * What the page lends to a part of it that is loaded when it is needed. A part imports nothing but types, so that it
 * is a file of its own: `build/inline.ts` refuses anything else.
 */
export interface Lender {
  /** A text in the reader's language. */
  text(key: Key, value?: string): string;
  /** A call about the room, such as `ask("POST", "/places/me/handover")`; rejects with a `Refusal`. */
  ask<T>(method: string, path: string, body?: unknown): Promise<T>;
}
