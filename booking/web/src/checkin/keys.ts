import { type Statement, hex } from "./statement";

/** A public Ed25519 key of the ticket ring, as its JWK set names it. */
export interface TicketKey {
  kid: string;
  /** The raw key in base64url. */
  x: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The keys of a JWK set that can have signed tickets. */
export function keysOf(jwks: unknown): TicketKey[] {
  const keys = isRecord(jwks) && Array.isArray(jwks["keys"]) ? jwks["keys"] : [];
  return keys
    .filter(isRecord)
    .filter((key) => key["kty"] === "OKP" && key["crv"] === "Ed25519")
    .map((key) => ({ kid: String(key["kid"]), x: String(key["x"]) }));
}

/** Was this statement signed by one of the keys? */
export async function isGenuine(statement: Statement, keys: readonly TicketKey[]): Promise<boolean> {
  for (const key of keys) {
    if ((await hintOf(key.kid)) === statement.keyHint) return verify(statement, bytesOf(key.x));
  }
  return false;
}

async function hintOf(kid: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(kid));
  return hex(new Uint8Array(hash, 0, 4));
}

/** By the browser itself where it knows Ed25519 (Chromium 137, Firefox 129, Safari 17), else by a small library. */
async function verify({ signed, signature }: Statement, key: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const native = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]).catch(() => null);
  if (native !== null) return crypto.subtle.verify("Ed25519", native, signature, signed);
  return verifyWithLibrary({ signed, signature }, key);
}

/** The same without the browser's help. */
export async function verifyWithLibrary(
  { signed, signature }: Pick<Statement, "signed" | "signature">,
  key: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { verifyAsync } = await import("@noble/ed25519");
  // RFC 8032's own rules, as the server applies them.
  return verifyAsync(signature, signed, key, { zip215: false }).catch(() => false);
}

export function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
