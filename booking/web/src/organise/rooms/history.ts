import type { Room } from "../../api/rooms";

/** A room's figures at one moment. */
export interface Sample {
  atMs: number;
  waiting: number;
  inside: number;
  /** Turns claimed since the line began. */
  admitted: number;
}

/** What the picture of a line reaches back to. */
const keptMs = 300_000;
const minuteMs = 60_000;
/** Less than this is too short to say how fast a line moves. */
const leastMs = 5_000;

export const sampleOf = (room: Room): Sample => ({
  atMs: Date.parse(room.server_time),
  waiting: room.waiting,
  inside: room.admitted,
  admitted: room.totals.admitted,
});

/** The samples with a newer one at their end and those gone that are too old; the same for one that is not newer. */
export function grown(samples: readonly Sample[], next: Sample): readonly Sample[] {
  const last = samples[samples.length - 1];
  if (last && next.atMs <= last.atMs) return samples;
  return [...samples.filter(({ atMs }) => atMs >= next.atMs - keptMs), next];
}

/** How many went in per minute, measured over the last minute or what is known of it; null as long as that is too little. */
export function measuredRate(samples: readonly Sample[]): number | null {
  const last = samples[samples.length - 1];
  const first = last && samples.find(({ atMs }) => atMs >= last.atMs - minuteMs);
  if (!first || last.atMs - first.atMs < leastMs) return null;
  return Math.round(((last.admitted - first.admitted) * minuteMs) / (last.atMs - first.atMs));
}

/** A line through values from left to right as an SVG path; the height is that of `most`. */
export function pathOf(samples: readonly Sample[], value: (sample: Sample) => number, most: number, box: Box): string {
  const [first, last] = [samples[0], samples[samples.length - 1]];
  if (!first || !last) return "";
  const x = (atMs: number) => ((atMs - first.atMs) / Math.max(1, last.atMs - first.atMs)) * box.width;
  const y = (of: number) => box.height - 3 - (of / Math.max(1, most)) * (box.height - 6);
  return samples
    .map((sample, index) => `${index ? "L" : "M"}${x(sample.atMs).toFixed(1)} ${y(value(sample)).toFixed(1)}`)
    .join("");
}

interface Box {
  width: number;
  height: number;
}
