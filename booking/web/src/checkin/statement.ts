/** What a ticket's QR code says; the layout is in docs/qr-code.md. Nothing here is believed before `keys.ts` has verified it. */
export interface Statement {
  /** First four bytes of the SHA-256 of the signing key's `kid`, in hexadecimal. */
  keyHint: string;
  event: number;
  session: number;
  seat: number;
  /** Ids as the API writes them. */
  booking: string;
  ticket: string;
  /** Counts the transfers of the seat, from 1. */
  generation: number;
  /** The bytes that the signature is over. */
  signed: Uint8Array<ArrayBuffer>;
  signature: Uint8Array<ArrayBuffer>;
}

const prefix = "RL1.";
const layoutVersion = 1;
const signedBytes = 70;
const wholeBytes = signedBytes + 64;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Reads the text of a QR code; null when it is none of ours. */
export function readStatement(text: string): Statement | null {
  const trimmed = text.trim();
  const bytes = trimmed.startsWith(prefix) ? base32(trimmed.slice(prefix.length)) : null;
  if (bytes === null || bytes.length !== wholeBytes || bytes[0] !== layoutVersion) return null;
  return {
    keyHint: hex(bytes.slice(1, 5)),
    event: number(bytes, 5),
    session: number(bytes, 10),
    seat: number(bytes, 15),
    booking: uuid(bytes.slice(20, 36)),
    ticket: uuid(bytes.slice(36, 52)),
    generation: (bytes[68] ?? 0) * 256 + (bytes[69] ?? 0),
    signed: bytes.slice(0, signedBytes),
    signature: bytes.slice(signedBytes),
  };
}

/** Is this the text of a QR code of ours, genuine or not? */
export const isQr = (text: string): boolean => text.trim().startsWith(prefix);

/** RFC 4648 without padding, capitals only; null for anything else, stray bits at the end included. */
function base32(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let [held, heldBits, at] = [0, 0, 0];
  for (const letter of text) {
    const value = alphabet.indexOf(letter);
    if (value < 0) return null;
    held = (held << 5) | value;
    heldBits += 5;
    if (heldBits >= 8) {
      heldBits -= 8;
      bytes[at++] = held >> heldBits;
      held &= (1 << heldBits) - 1;
    }
  }
  return held === 0 && heldBits < 5 ? bytes : null;
}

/** A big-endian number of five bytes. */
const number = (bytes: Uint8Array, at: number): number =>
  bytes.slice(at, at + 5).reduce((sum, byte) => sum * 256 + byte, 0);

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const uuid = (bytes: Uint8Array): string => hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
