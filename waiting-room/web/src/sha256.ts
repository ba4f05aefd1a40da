/** SHA-256 (FIPS 180-4) of short texts, in one go: the browser's own answers only later, which is slow for many small ones. */

const first = (count: number, power: number): Int32Array => {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    // The first 32 bits of the fraction of a root of each prime.
    if (prime) found.push((n ** (1 / power) % 1) * 2 ** 32);
  }
  return Int32Array.from(found, Math.trunc);
};
const start = first(8, 2);
const rounds = first(64, 3);
const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** The first 32 bits of the digest, as an unsigned number. */
export function sha256Start(text: string): number {
  const bytes = new TextEncoder().encode(text);
  const padded = new DataView(new ArrayBuffer(((bytes.length + 72) >> 6) << 6));
  bytes.forEach((byte, at) => padded.setUint8(at, byte));
  padded.setUint8(bytes.length, 0x80);
  padded.setUint32(padded.byteLength - 4, bytes.length * 8);
  const state = start.slice();
  const words = new Int32Array(64);
  for (let block = 0; block < padded.byteLength; block += 64) {
    for (let t = 0; t < 64; t++) {
      if (t < 16) words[t] = padded.getInt32(block + t * 4);
      else {
        const early = words[t - 15]!;
        const late = words[t - 2]!;
        words[t] =
          words[t - 16]! + (turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)) +
          words[t - 7]! + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10));
      }
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
    for (let t = 0; t < 64; t++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + rounds[t]! + words[t]!) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, at) => (state[at] = state[at]! + word));
  }
  return state[0]! >>> 0;
}

/** The smallest number that, after the challenge and a dot, gives a digest with so many leading zero bits (at most 32). */
export function solve(challenge: string, bits: number): number {
  let nonce = 0;
  while (Math.clz32(sha256Start(`${challenge}.${nonce}`)) < bits) nonce++;
  return nonce;
}
