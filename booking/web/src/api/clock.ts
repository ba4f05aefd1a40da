/**
 * The server's clock, as far as the browser can know it: holds end by the server's time, and phones are often minutes off.
 */
let offsetMs = 0;

/** Learns the difference from an answer's `Date` header, which has whole seconds; smaller differences are ignored. */
export function learnServerTime(date: string | null, receivedMs: number): void {
  const serverMs = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(serverMs)) return;
  const difference = serverMs + 500 - receivedMs;
  offsetMs = Math.abs(difference) < 2_000 ? 0 : difference;
}

/** Now by the server's clock, in milliseconds since 1970. */
export const serverNow = (): number => Date.now() + offsetMs;
