/** Waits between attempts, in milliseconds. `random` is 0 to 1: spreads a crowd that lost its server all at once. */

const longest_ms = 30_000;

/** Before attempt number `failures` (0 is the first one after things worked): doubles to half a minute, half of it jitter. */
export const backOff = (failures: number, random: number): number =>
  Math.min(longest_ms, 1000 * 2 ** failures) * (0.5 + random / 2) + (failures ? 0 : 2000 * random);

/** Before the next poll: never sooner than the server asked (five seconds if it didn't say), up to a fifth later. */
export const pollDelay = (retry_after_s: number, random: number): number =>
  Math.max(1, retry_after_s || 5) * 1000 * (1 + random / 5);

/** How long a silent stream is believed: it may be half-open, which a browser cannot see. */
export const silence = (retry_after_s: number): number => Math.max(60, 4 * retry_after_s) * 1000;
